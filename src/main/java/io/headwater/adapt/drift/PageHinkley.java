package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * The Page-Hinkley test (Page, Continuous Inspection Schemes, 1954): the sum of what errors exceed their mean so far by,
 * less a tolerance for each sample, above its minimum. Differences are divided by the standard deviation of the errors,
 * so that one threshold serves all error rates.
 */
public final class PageHinkley implements DriftDetector {
    private static final int FEWEST = 30;
    private static final double TOLERANCE = 0.1;
    private static final double WARNING = 42;
    private static final double DRIFT = 58;
    private static final String STATE = "state";

    private long samples;
    private double sum;
    private double squares;
    private double excess;

    /** Number of samples since the sum was at its minimum, which is where a change begins most probably. */
    private long newer;

    @Override
    public DriftReading add(double error) {
        DriftDetector.requireError(error);
        if (samples >= FEWEST) {
            // Half of an error of 1 and half of an error of 0 keep the deviation of equal errors above 0.
            double mean = (sum + 0.5) / (samples + 1);
            double variance = (squares + 0.5) / (samples + 1) - mean * mean;
            excess = Math.max(0, excess + (error - mean) / Math.sqrt(variance) - TOLERANCE);
            newer = excess > 0 ? newer + 1 : 0;
        }
        samples++;
        sum += error;
        squares += error * error;
        DriftReading reading = DriftReading.of(excess, WARNING, DRIFT, newer);
        if (reading.level() == DriftLevel.DRIFT) {
            samples = 0;
            sum = 0;
            squares = 0;
            excess = 0;
            newer = 0;
        }
        return reading;
    }

    @Override
    public void write(SectionWriter section) {
        section.doubles(STATE, new double[] {samples, sum, squares, excess, newer});
    }

    static PageHinkley read(SectionReader section) {
        double[] state = section.doubles(STATE, 5);
        PageHinkley read = new PageHinkley();
        read.samples = (long) state[0];
        read.sum = state[1];
        read.squares = state[2];
        read.excess = state[3];
        read.newer = (long) state[4];
        return read;
    }
}
