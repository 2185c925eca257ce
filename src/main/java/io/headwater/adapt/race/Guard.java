package io.headwater.adapt.race;

import io.headwater.adapt.judge.Notice;
import io.headwater.adapt.judge.Notice.Kind;
import io.headwater.adapt.memory.LaneMemory;
import io.headwater.adapt.memory.Relabelling;
import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares contenders on the guard set, by weights that are computed without its samples, so that none takes the lead
 * that has forgotten what another one knows. Not thread-safe.
 */
final class Guard {
    /** Number of samples after a veto before the guard set is asked again. */
    private static final long VETO_SAMPLES = 64;

    /** What the newest samples of the guard set count for after a change was detected, where older ones count for 1. */
    private static final double AFTER_CHANGE = 2;

    /**
     * Number of samples after which a veto expires. With 1,024, a contender that learned from 1,600 samples with random
     * labels took the lead in simulations, and the accuracy of the served version fell by 13 points.
     */
    private static final long LONGEST_VETO = 2048;

    private static final long NO_VETO = -1;
    private static final String SILENT_UNTIL = "silentUntil";
    private static final String VETO = "veto";
    private static final String SINCE = "since";
    private static final String SEEN = "seen";

    private final Goal goal;
    private final GuardSet set;
    private final List<Notice> notices = new ArrayList<>();
    private long silentUntil;
    private long vetoSince = NO_VETO;

    /** Numbers of samples of each stratum when the veto began. */
    private int[] seenBefore = new int[0];

    private Guard(Goal goal, GuardSet set) {
        this.goal = goal;
        this.set = set;
    }

    static Guard empty(Goal goal, int capacity) {
        return new Guard(goal, GuardSet.empty(capacity));
    }

    static Guard read(Goal goal, int capacity, SectionReader section, int outputs) {
        Guard read = new Guard(goal, GuardSet.read(capacity, section, outputs));
        read.silentUntil = section.value(SILENT_UNTIL, Long::valueOf);
        if (section.hasSection(VETO)) {
            read.vetoSince = section.section(VETO).value(SINCE, Long::valueOf);
            read.seenBefore = section.section(VETO).ints(SEEN);
        }
        return read;
    }

    void write(SectionWriter section) {
        set.write(section);
        section.value(SILENT_UNTIL, silentUntil);
        if (vetoSince != NO_VETO) {
            section.section(VETO).value(SINCE, vetoSince);
            section.section(VETO).ints(SEEN, seenBefore);
        }
    }

    /** Returns the guard of another lane that starts from this one. */
    Guard asStart() {
        return new Guard(goal, set.asStart());
    }

    /** Makes the samples of one class samples of another one. */
    void relabel(Relabelling relabelling) {
        set.relabel(relabelling);
        seenBefore = relabelling.applyToCounts(seenBefore);
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
     * Refuses a contender for now. When the guard set has refused the contenders that are better on the stream for long,
     * its samples from before no longer count in strata that still come as often: what came since then says more about
     * these. A contender that knows only what came lately, and nothing of classes that did not, is refused on.
     *
     * @param contender name of the contender
     * @param difference mean quality of the contender on the stream less that of the leader
     * @param samples number of samples of the lane so far
     */
    void refuse(String contender, double difference, long samples) {
        sleep(samples);
        if (vetoSince == NO_VETO) {
            vetoSince = samples;
            seenBefore = set.seen();
        } else if (samples - vetoSince >= LONGEST_VETO) {
            int before = set.all().size();
            int expired = set.expire(vetoSince, seenBefore);
            notices.add(new Notice(
                    Kind.VETOED,
                    samples - vetoSince,
                    difference,
                    String.format(
                            Locale.ROOT,
                            "the guard set has refused better contenders for %d samples, now '%s', whose quality is"
                                    + " %.1f points higher on the stream; %d of its %d samples no longer count",
                            samples - vetoSince,
                            contender,
                            100 * difference,
                            expired,
                            before)));
            accept();
            silentUntil = samples;
        }
    }

    /** Ends a veto. */
    void accept() {
        vetoSince = NO_VETO;
        seenBefore = new int[0];
    }

    /** Returns what a person should know since the last call. */
    List<Notice> takeNotices() {
        List<Notice> taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }

    /**
     * Returns whether a contender is worse than another one on the guard set, by more than one standard error: a loss that
     * is only likely is enough to stay with what is known.
     *
     * @param remembered the samples in memory, new ones included
     */
    boolean isForgetful(int contender, int other, Field field, LaneMemory memory, List<StoredSample> remembered) {
        // Contenders may still have learned from samples of a class that is not predicted any more.
        List<StoredSample> samples = set.all().stream()
                .filter(sample -> !memory.isHidden(sample.stratum()))
                .toList();
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
        return memory.answers(contender.logitsWithout(samples, remembered, outputs), outputs);
    }
}
