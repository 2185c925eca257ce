package io.headwater.standalone.play;

import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.predictor.LocalPredictor;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.data.EpisodeCutter;
import io.headwater.standalone.data.EpisodeCutter.Cut;
import io.headwater.standalone.play.Environment.Step;
import io.headwater.standalone.play.Practice.Exploration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plays epsilon-greedily with the newest version that serves a domain and sends its transitions as samples of that
 * domain. The version changes only between episodes; before any version serves the domain, all actions are random. Not
 * safe for use by several threads.
 */
public final class Actor {
    private final Environment environment;
    private final Exploration exploration;
    private final EpisodeCutter cutter;
    private final String domain;
    private final String run;
    private final LocalPredictor policy;
    private final SampleProducer producer;

    /**
     * Creates an actor.
     *
     * @param steps number of steps per transition, positive
     * @param domain domain that the actor plays for
     * @param run prefix of the ids of its samples; must be unique among the actors of a domain
     * @param policy predictor of the adaptation that has read all versions; closed by the caller
     * @param producer closed by the caller
     */
    public Actor(
            Environment environment,
            Exploration exploration,
            int steps,
            String domain,
            String run,
            LocalPredictor policy,
            SampleProducer producer) {
        this.environment = environment;
        this.exploration = exploration;
        this.cutter = new EpisodeCutter(steps);
        this.domain = domain;
        this.run = run;
        this.policy = policy;
        this.producer = producer;
    }

    /**
     * The result of an episode.
     *
     * @param number number of the episode, from 0
     * @param total sum of the rewards
     * @param length length in steps
     * @param version number of the version of the domain's lane that chose the actions; null if no version served the
     *     domain yet
     */
    public record Played(
            long number, double total, int length, @Nullable Long version) {}

    /** Called after each step; an implementation may wait in order to slow the play down. */
    @FunctionalInterface
    public interface Pace {
        /** Called after a step. */
        void stepped() throws InterruptedException;
    }

    /**
     * Plays an episode to its end and returns once the brokers have acknowledged its samples.
     *
     * @param number number of the episode, from 0; determines its initial state and its random actions
     * @throws IllegalArgumentException if the adaptation cannot read the environment's observations, or names other
     *     actions
     */
    public Played play(long number, Pace pace) throws InterruptedException {
        policy.swap();
        Long version = policy.serving(domain)
                .filter(ref -> ref.lane().domain().equals(domain))
                .map(VersionRef::number)
                .orElse(null);
        Randomness random = new Randomness(exploration.seed(), number);
        double epsilon = exploration.share(number);
        float[] seen = environment.reset(exploration.seed() + number);
        double total = 0;
        int length = 0;
        int sent = 0;
        for (boolean going = true; going; length++) {
            int action = action(seen, random, epsilon);
            Step step = environment.step(action);
            total += step.reward();
            for (Cut cut : cutter.add(
                    seen,
                    environment.actions().get(action),
                    step.reward(),
                    step.observation(),
                    step.terminal(),
                    step.truncated(),
                    version)) {
                producer.sample(domain, "%s-%d-%d".formatted(run, number, sent++), cut.observation(), cut.transition());
            }
            seen = step.observation();
            going = !step.isLast();
            pace.stepped();
        }
        producer.flush();
        return new Played(number, total, length, version);
    }

    private int action(float[] seen, Randomness random, double epsilon) {
        List<String> actions = environment.actions();
        // Both are drawn in any case, so that the random sequence does not depend on when a version begins to serve.
        boolean explores = random.fraction() < epsilon;
        int any = random.below(actions.size());
        if (explores) {
            return any;
        }
        return policy.answer(domain, new Payload.Tensor(List.of(seen.length), seen))
                .map(answer -> index(actions, answer.label().text()))
                .orElse(any);
    }

    private static int index(List<String> actions, String name) {
        int index = actions.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "an action must be one of %s, but the adaptation's policy says '%s'; list them as its 'labels'"
                            .formatted(actions, name));
        }
        return index;
    }
}
