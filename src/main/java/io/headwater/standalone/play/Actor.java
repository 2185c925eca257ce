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
 * Plays with the newest version that serves a domain, epsilon-greedy, and sends what it sees as samples of that domain. Each
 * episode is played by one version, which is swapped between two; before any serves, everything is random. Not safe for use
 * by several threads.
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
     * An actor.
     *
     * @param steps of a transition, positive
     * @param domain that it plays for
     * @param run begins the ids of its samples: another one for each actor of a domain
     * @param policy of the adaptation, caught up; stays the caller's to close
     * @param producer stays the caller's to close
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
     * An episode that was played.
     *
     * @param number from 0
     * @param total of its rewards
     * @param length in steps
     * @param version of the domain's lane that played; null when none served it yet
     */
    public record Played(
            long number, double total, int length, @Nullable Long version) {}

    /** Is told of each step, and may wait to slow the play down. */
    @FunctionalInterface
    public interface Pace {
        /** A step was made. */
        void stepped() throws InterruptedException;
    }

    /**
     * Plays an episode to its end; its samples are with the brokers then.
     *
     * @param number of the episode, from 0, on which its first state and what is random depend
     * @throws IllegalArgumentException when the adaptation does not read what the environment shows, or names other actions
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
        // Drawn in any case, so that what is random does not depend on when a version came to serve.
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
