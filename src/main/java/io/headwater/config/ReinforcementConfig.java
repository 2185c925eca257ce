package io.headwater.config;

import java.util.List;

/**
 * How a policy is learned from transitions. Of no other task than {@link TaskKind#REINFORCEMENT_LEARNING}.
 *
 * @param algorithm what is learned
 * @param discount what a reward one step later counts, 0 to 1
 * @param nStep steps that whoever cuts episodes into transitions puts into one, 1 to 100; one with more or fewer is learned
 *     as it is
 * @param targetSteps after so many steps the target network becomes the head in training, 1 to 1000000
 * @param huberDelta error of a value from which on its gradient is clipped, above 0 and at most 1000000
 */
public record ReinforcementConfig(Algorithm algorithm, double discount, int nStep, int targetSteps, double huberDelta) {
    /** Double DQN with a discount of 0.99, single steps, a target network of 200 steps, and errors clipped at 1. */
    public static final ReinforcementConfig DEFAULT = new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.99, 1, 200, 1);

    public ReinforcementConfig {
        AdaptationKeys.DISCOUNT.check(discount);
        AdaptationKeys.N_STEP.check(nStep);
        AdaptationKeys.TARGET_STEPS.check(targetSteps);
        AdaptationKeys.HUBER_DELTA.check(huberDelta);
    }

    /** What is learned from transitions. */
    public enum Algorithm {
        /** The values of actions (van Hasselt, Guez, Silver 2016). */
        DOUBLE_DQN,
        /** To act as the actor did (Pomerleau 1991). */
        BEHAVIOUR_CLONING
    }

    List<Breach> breaches(TaskKind task, AnchorConfig anchor) {
        if (task != TaskKind.REINFORCEMENT_LEARNING) {
            return equals(DEFAULT)
                    ? List.of()
                    : List.of(
                            new Breach(
                                    AdaptationKeys.ALGORITHM,
                                    "reinforcement must be left out with task " + task.key()
                                            + ", which learns from no transitions; leave it out or choose task reinforcement-learning"));
        }
        return algorithm == Algorithm.DOUBLE_DQN && anchor.samples() > 0
                ? List.of(new Breach(
                        AdaptationKeys.SAMPLES,
                        "anchor.samples must be 0 with reinforcement.algorithm double-dqn, whose targets change as it learns, but is "
                                + anchor.samples() + "; leave it out or choose behaviour-cloning"))
                : List.of();
    }
}
