package io.headwater.adapt;

import io.headwater.adapt.judge.ScorePair;
import io.headwater.adapt.memory.HeldOutSamples;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;

/**
 * Compares a challenger with the champion on the guard set of a lane that is trained by gradients: samples that neither of
 * them was trained on. A challenger that is worse by more than one standard error must not serve; a veto that lasts for
 * {@value #PATIENCE} samples expires, because the stream has then changed for good. Not thread-safe.
 */
final class GuardVeto {
    /** Number of samples after which a veto expires. */
    static final long PATIENCE = 1024;

    private final Goal goal;
    private final LaneMemory memory;
    private long since;

    private GuardVeto(Goal goal, LaneMemory memory, long since) {
        this.goal = goal;
        this.memory = memory;
        this.since = since;
    }

    /**
     * The result of a comparison.
     *
     * @param means weighted mean scores of both; {@link ScorePair#NONE} without a guard set
     * @param worse whether the challenger is worse by more than one standard error
     */
    record Comparison(ScorePair means, boolean worse) {}

    static GuardVeto none(Goal goal, LaneMemory memory) {
        return new GuardVeto(goal, memory, 0);
    }

    static GuardVeto read(Goal goal, LaneMemory memory, SectionReader section) {
        return new GuardVeto(goal, memory, section.value("since", Long::valueOf));
    }

    void write(SectionWriter section) {
        section.value("since", since);
    }

    /** Compares a challenger with the champion; each sample counts as often as its stratum occurs in the stream. */
    Comparison compare(PublishedHead champion, PublishedHead challenger) {
        HeldOutSamples guard = memory.heldOut();
        List<StoredSample> samples = guard.all();
        if (samples.isEmpty()) {
            return new Comparison(ScorePair.NONE, false);
        }
        float[][] features = samples.stream().map(StoredSample::features).toArray(float[][]::new);
        List<Answer> byChampion = champion.predictions(goal, features);
        List<Answer> byChallenger = challenger.predictions(goal, features);
        double weights = 0;
        double champions = 0;
        double challengers = 0;
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            Target expected = Target.decode(samples.get(i).code(), goal.numbers(), memory.names());
            double weight = guard.weight(samples.get(i));
            double own = weight * byChampion.get(i).score(expected);
            double others = weight * byChallenger.get(i).score(expected);
            weights += weight;
            champions += own;
            challengers += others;
            squares += (others - own) * (others - own);
        }
        return new Comparison(
                new ScorePair(samples.size(), champions / weights, challengers / weights),
                challengers - champions < -Math.sqrt(squares));
    }

    /** Notes a veto, and returns whether it has expired, so that the challenger may serve. */
    boolean hasExpired() {
        if (since == 0) {
            since = memory.samples();
        }
        return memory.samples() - since >= PATIENCE;
    }

    /** Notes that a challenger serves. */
    void end() {
        since = 0;
    }
}
