package io.headwater.adapt.drift;

import io.headwater.adapt.drift.AdwinWindow.Bucket;
import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * Adaptive windowing (Bifet and Gavaldà, Learning from Time-Changing Data with Adaptive Windowing, 2007): as long as the
 * window can be cut so that the means of the older and of the newer part differ significantly, the older part of the
 * most significant cut is removed; the original removes the oldest errors bit by bit, and reports one change many times. The statistic is the difference of the means at the most significant cut, the threshold the significant
 * difference there. A cut where errors became smaller shortens the window but is no drift.
 */
public final class Adwin implements DriftDetector {
    private static final double DRIFT_CONFIDENCE = 0.002;
    private static final double WARNING_CONFIDENCE = 0.02;
    private static final int EVERY = 8;
    private static final int SMALLEST_PART = 5;
    private static final String SAMPLES = "samples";
    private static final String BUCKETS = "buckets";
    private static final String STATE = "state";
    private static final int VALUES = 3;

    /**
     * A cut of the window.
     *
     * @param buckets number of buckets before it
     * @param newer number of errors after it
     * @param difference mean of the newer part less that of the older one
     * @param parts the sum of the reciprocals of the lengths of the parts
     * @param significant the difference that is significant
     */
    private record Cut(int buckets, long newer, double difference, double parts, double significant) {
        static final Cut NONE = new Cut(0, 0, 0, 0, 1);

        double significance() {
            return Math.abs(difference) / significant;
        }
    }

    private final AdwinWindow window = new AdwinWindow();
    private long samples;

    @Override
    public DriftReading add(double error) {
        DriftDetector.requireError(error);
        window.add(error);
        samples++;
        if (samples % EVERY != 0) {
            return DriftReading.none(1);
        }
        Bucket total = window.total();
        Cut first = mostSignificant(total);
        for (Cut cut = first; cut.significance() >= 1; cut = mostSignificant(window.total())) {
            window.removeOldest(cut.buckets());
        }
        double warning = significant(total, first.parts(), logOf(total, WARNING_CONFIDENCE));
        return first == Cut.NONE
                ? DriftReading.none(1)
                : DriftReading.of(
                        first.difference(), Math.min(warning, first.significant()), first.significant(), first.newer());
    }

    private Cut mostSignificant(Bucket total) {
        double log = logOf(total, DRIFT_CONFIDENCE);
        Bucket older = Bucket.NONE;
        Cut most = Cut.NONE;
        for (int i = 0; i < window.buckets().size(); i++) {
            older = older.plus(window.buckets().get(i));
            long newer = total.count() - older.count();
            if (newer < SMALLEST_PART) {
                break;
            }
            if (older.count() >= SMALLEST_PART) {
                double difference = (total.sum() - older.sum()) / newer - older.mean();
                double parts = 1.0 / older.count() + 1.0 / newer;
                Cut cut = new Cut(i + 1, newer, difference, parts, significant(total, parts, log));
                most = cut.significance() > most.significance() ? cut : most;
            }
        }
        return most;
    }

    private static double logOf(Bucket total, double confidence) {
        return StrictMath.log(2 * StrictMath.log(total.count()) / confidence);
    }

    private static double significant(Bucket total, double parts, double log) {
        return Math.sqrt(2 * parts * total.variance() * log) + 2.0 / 3 * parts * log;
    }

    @Override
    public void write(SectionWriter section) {
        double[] state = new double[VALUES * window.buckets().size()];
        int at = 0;
        for (Bucket bucket : window.buckets()) {
            state[at++] = bucket.count();
            state[at++] = bucket.sum();
            state[at++] = bucket.squares();
        }
        section.value(SAMPLES, samples);
        section.value(BUCKETS, window.buckets().size());
        section.doubles(STATE, state);
    }

    static Adwin read(SectionReader section) {
        Adwin read = new Adwin();
        read.samples = section.value(SAMPLES, Long::valueOf);
        double[] state = section.doubles(STATE, VALUES * section.<Integer>value(BUCKETS, Integer::valueOf));
        for (int at = 0; at < state.length; at += VALUES) {
            read.window.append(new Bucket((long) state[at], state[at + 1], state[at + 2]));
        }
        return read;
    }
}
