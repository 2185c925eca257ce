package io.headwater.standalone.play;

import io.headwater.adapt.Example;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.PublishedHead;
import io.headwater.domain.Label;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.Heads;
import io.headwater.standalone.data.EpisodeCutter;
import io.headwater.standalone.data.EpisodeCutter.Cut;
import io.headwater.standalone.play.Environment.Step;
import io.headwater.task.Goal;
import io.headwater.task.PayloadView;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Trains a lane while it plays, in one thread and without a broker. Each episode is played epsilon-greedily by the
 * head as it was at the start of the episode, and trained on in steps during the episode. The results depend only on
 * the arguments and the seed. Not safe for use by several threads.
 */
public final class Practice {
    private static final float[] NOTHING = {};

    private final Environment environment;
    private final Exploration exploration;
    private final int batch;
    private final EpisodeCutter cutter;
    private final Goal goal;
    private final Heads heads;
    private final UnaryOperator<float[]> features;
    private final LaneLearner lane;
    private final List<Example> pending = new ArrayList<>();
    /** Features of the observations of the current episode, cached because most are needed several times. */
    private final Map<float[], float[]> known = new IdentityHashMap<>();

    /**
     * How often an actor takes a random action, in order to see states that its policy would not reach.
     *
     * @param first share of random actions in the first episode, 0 to 1
     * @param last share of random actions from episode {@code episodes} on, 0 to 1; the share changes linearly in
     *     between
     * @param episodes number of episodes over which the share changes, positive
     * @param seed seed of initial states and random actions; not 0
     */
    public record Exploration(double first, double last, int episodes, long seed) {
        public Exploration {
            EnvironmentRules.range("first share of random actions", first, 0, 1);
            EnvironmentRules.range("last share of random actions", last, 0, 1);
            EnvironmentRules.range("episodes of exploration", episodes, 1, 1_000_000);
            if (seed == 0) {
                throw new IllegalArgumentException("the seed of an exploration must not be 0; choose another");
            }
        }

        /** Returns the share of random actions in an episode, numbered from 0. */
        public double share(long episode) {
            double way = Math.min(1, (double) episode / episodes);
            return first + (last - first) * way;
        }
    }

    /**
     * Creates a practice.
     *
     * @param batch new transitions per training step, positive
     * @param steps number of steps per transition, positive
     * @param goal goal of the lane
     * @param heads heads of the lane
     * @param features computes the features of an observation that the heads read
     * @param lane lane that is trained; closed by the caller
     */
    public Practice(
            Environment environment,
            Exploration exploration,
            int batch,
            int steps,
            Goal goal,
            Heads heads,
            UnaryOperator<float[]> features,
            LaneLearner lane) {
        this.environment = environment;
        this.exploration = exploration;
        this.batch = batch;
        this.cutter = new EpisodeCutter(steps);
        this.goal = goal;
        this.heads = heads;
        this.features = features;
        this.lane = lane;
    }

    /**
     * Plays episode {@code number}, from 0, to its end and trains on all its transitions.
     *
     * @return the sum of the rewards
     */
    public double learn(long number) {
        return play(number, exploration.share(number), true);
    }

    /** Returns the mean return of {@code episodes} (positive) episodes that are played greedily and not trained on. */
    public double evaluate(int episodes) {
        double sum = 0;
        for (int i = 0; i < episodes; i++) {
            // Negative numbers give initial states that training never uses.
            sum += play(-1 - i, 0, false);
        }
        return sum / episodes;
    }

    private double play(long number, double epsilon, boolean learns) {
        Randomness random = new Randomness(exploration.seed(), number);
        try (PublishedHead policy = PublishedHead.open(lane.artifact(), heads)) {
            float[] seen = environment.reset(exploration.seed() + number);
            double total = 0;
            known.clear();
            for (boolean going = true; going; ) {
                int action = random.fraction() < epsilon
                        ? random.below(environment.actions().size())
                        : greedy(policy, seen);
                Step step = environment.step(action);
                total += step.reward();
                if (learns) {
                    learn(seen, environment.actions().get(action), step);
                }
                seen = step.observation();
                going = !step.isLast();
            }
            if (learns && !pending.isEmpty()) {
                flush();
            }
            return total;
        }
    }

    private float[] featuresOf(float[] observation) {
        return known.computeIfAbsent(observation, features);
    }

    private int greedy(PublishedHead policy, float[] observation) {
        Label best = policy.predictions(goal, new float[][] {featuresOf(observation)})
                .get(0)
                .label(PayloadView.of(new Payload.Tensor(List.of(observation.length), observation)));
        return environment.actions().indexOf(best.text());
    }

    private void learn(float[] seen, String action, Step step) {
        for (Cut cut :
                cutter.add(seen, action, step.reward(), step.observation(), step.terminal(), step.truncated(), null)) {
            Outcome<Example> example = goal.target(PayloadView.of(cut.observation()), cut.transition())
                    .then(target -> Outcome.ok(example(cut, target)))
                    .then(one -> lane.admit(one).then(admitted -> Outcome.ok(one)));
            if (!(example instanceof Outcome.Ok<Example> ok)) {
                throw new IllegalStateException("environment " + environment.name() + " gave a transition of which "
                        + ((Outcome.Rejected<Example>) example).rejection().message());
            }
            pending.add(ok.value());
            if (pending.size() == batch) {
                flush();
            }
        }
    }

    private Example example(Cut cut, Target target) {
        return new Example(
                PayloadView.of(cut.observation()),
                cut.transition(),
                featuresOf(cut.observation().values()),
                target,
                cut.transition().terminal()
                        ? NOTHING
                        : featuresOf(cut.transition().nextObservation()));
    }

    private void flush() {
        lane.step(pending);
        pending.clear();
    }
}
