package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Arrays;

/**
 * Kolmogorov-Smirnov windowing (Raab, Heusinger and Schleif, Reactive Soft Prototype Computing for Concept Drift
 * Streams, 2020): the distribution of the newest 100 errors against that of the 400 before them, every 10 samples. The
 * statistic is 2 D² n m / (n + m), where D is how far the older distribution function is above the newer one at most;
 * exp(-statistic) bounds the probability of such a distance in one comparison.
 *
 * <p>The original compares with a random part of the older errors and reports both directions; all older errors need no
 * random numbers. A rise of the error rate by less than about 0.25 is not found before it has left the window.
 */
public final class Kswin implements DriftDetector {
    private static final int NEWER = 100;
    private static final int OLDER = 400;
    private static final int WINDOW = NEWER + OLDER;
    private static final int EVERY = 10;
    private static final double WARNING = 7;
    private static final double DRIFT = 9.6;
    private static final String SAMPLES = "samples";
    private static final String ERRORS = "errors";

    /** The newest errors, the oldest of them first; the first {@code size} are set. */
    private final float[] errors = new float[WINDOW + EVERY];

    private int size;

    @Override
    public DriftReading add(double error) {
        DriftDetector.requireError(error);
        errors[size++] = (float) error;
        if (size < errors.length) {
            return DriftReading.none(DRIFT);
        }
        drop(EVERY);
        DriftReading reading = DriftReading.of(statistic(), WARNING, DRIFT, NEWER);
        if (reading.level() == DriftLevel.DRIFT) {
            drop(OLDER);
        }
        return reading;
    }

    private void drop(int count) {
        System.arraycopy(errors, count, errors, 0, size - count);
        size -= count;
    }

    private double statistic() {
        float[] older = Arrays.copyOfRange(errors, 0, OLDER);
        float[] newer = Arrays.copyOfRange(errors, OLDER, WINDOW);
        Arrays.sort(older);
        Arrays.sort(newer);
        double distance = 0;
        int below = 0;
        for (int i = 0; i < OLDER; i++) {
            while (below < NEWER && newer[below] <= older[i]) {
                below++;
            }
            distance = Math.max(distance, (i + 1) / (double) OLDER - below / (double) NEWER);
        }
        return 2 * distance * distance * NEWER * OLDER / WINDOW;
    }

    @Override
    public void write(SectionWriter section) {
        section.value(SAMPLES, size);
        section.floats(ERRORS, errors.clone());
    }

    static Kswin read(SectionReader section) {
        Kswin read = new Kswin();
        read.size = section.value(SAMPLES, Integer::valueOf);
        System.arraycopy(section.floats(ERRORS), 0, read.errors, 0, read.errors.length);
        return read;
    }
}
