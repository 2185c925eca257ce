package io.headwater.adapt.race;

import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.List;

/**
 * Compares contenders on the guard set, by weights that are computed without its samples, so that none takes the lead
 * that has forgotten what another one knows. Not thread-safe.
 */
final class Guard {
    /** Number of samples after a veto before the guard set is asked again. */
    private static final long VETO_SAMPLES = 64;

    /** What the newest samples of the guard set count for after a change was detected, where older ones count for 1. */
    private static final double AFTER_CHANGE = 2;

    private final Goal goal;
    private final GuardSet set;
    private long silentUntil;

    private Guard(Goal goal, GuardSet set) {
        this.goal = goal;
        this.set = set;
    }

    static Guard empty(Goal goal, int capacity) {
        return new Guard(goal, GuardSet.empty(capacity));
    }

    static Guard read(Goal goal, int capacity, SectionReader section, int outputs) {
        Guard read = new Guard(goal, GuardSet.read(capacity, section, outputs));
        read.silentUntil = section.value("silentUntil", Long::valueOf);
        return read;
    }

    void write(SectionWriter section) {
        set.write(section);
        section.value("silentUntil", silentUntil);
    }

    /** Returns the guard of another lane that starts from this one. */
    Guard asStart() {
        return new Guard(goal, set.asStart());
    }

    /** Returns its samples. */
    GuardSet set() {
        return set;
    }

    /** Returns whether the guard set may be asked after so many samples of the lane. */
    boolean isAwake(long samples) {
        return samples >= silentUntil;
    }

    /** Does not let the guard set be asked again before the lane has had some more samples. */
    void sleep(long samples) {
        silentUntil = samples + VETO_SAMPLES;
    }

    /**
     * Returns whether a contender is worse than another one on the guard set, by more than one standard error: a loss that
     * is only likely is enough to stay with what is known.
     *
     * @param remembered the samples in memory, new ones included
     */
    boolean isForgetful(int contender, int other, Field field, LaneMemory memory, List<StoredSample> remembered) {
        List<StoredSample> samples = set.all();
        List<Answer> own = without(samples, field.contenders().get(contender), memory, remembered);
        List<Answer> others = without(samples, field.contenders().get(other), memory, remembered);
        double newer = field.isSinceChange(contender) || field.isFormer(contender) ? AFTER_CHANGE : 1;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            Target expected = Target.decode(samples.get(i).code(), goal.numbers(), memory.names());
            double difference = (own.get(i).quality(expected) - others.get(i).quality(expected))
                    * set.weight(samples.get(i))
                    * (set.isNew(samples.get(i)) ? newer : 1);
            sum += difference;
            squares += difference * difference;
        }
        // The standard error of a sum, below which a loss may be chance.
        return sum < -Math.sqrt(squares);
    }

    private List<Answer> without(
            List<StoredSample> samples, ClosedContender contender, LaneMemory memory, List<StoredSample> remembered) {
        int outputs = memory.names().size();
        return goal.decode(memory.names(), contender.logitsWithout(samples, remembered, outputs));
    }
}
