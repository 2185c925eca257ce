package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * How a policy is trained from transitions; used only by the task {@link TaskKind#REINFORCEMENT_LEARNING}.
 *
 * @param algorithm the learning algorithm
 * @param discount discount factor of rewards per step, 0 to 1
 * @param nStep number of steps per transition when episodes are cut into transitions, 1 to 100; a transition with more
 *     or fewer steps is used as it is
 * @param targetSteps number of training steps after which the target network is replaced by the head in training, 1 to
 *     1000000
 * @param huberDelta error of a value above which its gradient is clipped, above 0 and at most 1000000
 */
public record ReinforcementConfig(Algorithm algorithm, double discount, int nStep, int targetSteps, double huberDelta) {
    private static final KeyTableBuilder<ReinforcementConfig> KEYS = KeyTable.builder();

    static final Key<Algorithm> ALGORITHM = KEYS.optional(
            "reinforcement.algorithm",
            choice(Algorithm.class),
            Algorithm.DOUBLE_DQN,
            ReinforcementConfig::algorithm,
            "for task reinforcement-learning, what is learned from transitions. `double-dqn`: the values of actions;"
                    + " `behaviour-cloning`: to imitate the actor. The section is not allowed with other tasks");
    static final Key<Double> DISCOUNT = KEYS.optional(
            "reinforcement.discount",
            between(0, 1),
            0.99,
            ReinforcementConfig::discount,
            "factor by which the weight of a reward decreases with each step");
    static final Key<Integer> N_STEP = KEYS.optional(
            "reinforcement.n-step",
            whole(1, 100),
            1,
            ReinforcementConfig::nStep,
            "number of steps that `adapt` and `play` combine into one transition; transitions with more or fewer"
                    + " steps are learned as they are");
    static final Key<Integer> TARGET_STEPS = KEYS.optional(
            "reinforcement.target-steps",
            whole(1, 1_000_000),
            200,
            ReinforcementConfig::targetSteps,
            "number of steps after which the target network becomes a copy of the head in training");
    static final Key<Double> HUBER_DELTA = KEYS.optional(
            "reinforcement.huber-delta",
            aboveZero(1_000_000),
            1.0,
            ReinforcementConfig::huberDelta,
            "error of a value above which the gradient is clipped");

    /** The keys of this record. */
    static final KeyTable<ReinforcementConfig> TABLE = KEYS.build(values -> new ReinforcementConfig(
            values.get(ALGORITHM),
            values.get(DISCOUNT),
            values.get(N_STEP),
            values.get(TARGET_STEPS),
            values.get(HUBER_DELTA)));

    /**
     * Double DQN with a discount of 0.99, one step per transition, a new target network every 200 steps, and errors
     * clipped at 1.
     */
    public static final ReinforcementConfig DEFAULT = TABLE.defaults();

    public ReinforcementConfig {
        DISCOUNT.check(discount);
        N_STEP.check(nStep);
        TARGET_STEPS.check(targetSteps);
        HUBER_DELTA.check(huberDelta);
    }

    /** Algorithms that learn from transitions. */
    public enum Algorithm {
        /** Learns the values of actions (van Hasselt, Guez, Silver 2016). */
        DOUBLE_DQN,
        /** Learns to imitate the actor (Pomerleau 1991). */
        BEHAVIOUR_CLONING
    }

    List<Breach> breaches(TaskKind task, GuardConfig guard) {
        if (task != TaskKind.REINFORCEMENT_LEARNING) {
            return equals(DEFAULT)
                    ? List.of()
                    : List.of(
                            new Breach(
                                    ALGORITHM,
                                    "reinforcement must be left out with task " + task.key()
                                            + ", which learns from no transitions; leave it out or choose task reinforcement-learning"));
        }
        return algorithm == Algorithm.DOUBLE_DQN && guard.samples() > 0
                ? List.of(new Breach(
                        GuardConfig.SAMPLES,
                        "guard.samples must be 0 with reinforcement.algorithm double-dqn, whose targets change as it learns, but is "
                                + guard.samples() + "; leave it out or choose behaviour-cloning"))
                : List.of();
    }
}
