package io.headwater.adapt.judge;

import io.headwater.adapt.judge.Notice.Kind;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Notices that a lane has not promoted a version for long although its newest weights are better than the version that
 * serves, whatever the reason: promotions are suspended, a person holds the lane, or the rules refuse each version. It
 * compares both on stretches of a fixed number of samples, with a new test for each, so that weights that became better
 * late are noticed too. A stretch is reported with a probability of at most 1 % when the newest weights are not better.
 * Not thread-safe.
 */
public final class StallWatch {
    private static final double LEVEL = 0.01;
    private static final String TEST = "test";
    private static final String SINCE = "since";

    private final long stretch;
    private SequentialTest test = new SequentialTest(0);
    private long since;
    private final List<Notice> notices = new ArrayList<>();

    /**
     * Begins to watch.
     *
     * @param stretch number of samples without a promotion, at least 1
     */
    public StallWatch(long stretch) {
        this.stretch = stretch;
    }

    /** Continues from what {@link #write} wrote. */
    public static StallWatch read(long stretch, SectionReader section) {
        StallWatch watch = new StallWatch(stretch);
        watch.test = SequentialTest.read(0, section.section(TEST));
        watch.since = section.value(SINCE, Long::valueOf);
        return watch;
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        test.write(section.section(TEST));
        section.value(SINCE, since);
    }

    /**
     * Adds the scores of a sample before it was used for training.
     *
     * @param newest score of the newest weights, from 0 to 1
     * @param serving score of the version that serves, from 0 to 1
     * @param scoreName name of the score, for people
     */
    public void add(double newest, double serving, String scoreName) {
        test.add(newest, serving);
        since++;
        if (test.samples() < stretch) {
            return;
        }
        if (test.evidence() >= StrictMath.log(1 / LEVEL)) {
            notices.add(new Notice(
                    Kind.STALLED,
                    since,
                    test.meanDifference(),
                    String.format(
                            Locale.ROOT,
                            "no version was promoted for %d samples, but the %s of the newest weights is %.1f points higher"
                                    + " than that of the serving version on the last %d",
                            since,
                            scoreName,
                            100 * test.meanDifference(),
                            test.samples())));
        }
        test = new SequentialTest(0);
    }

    /** Begins anew, because another version serves. */
    public void promoted() {
        test = new SequentialTest(0);
        since = 0;
    }

    /** Returns what was noticed since the last call. */
    public List<Notice> take() {
        List<Notice> taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }
}
