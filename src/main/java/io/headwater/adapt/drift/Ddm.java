package io.headwater.adapt.drift;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * The drift detection method (Gama et al., Learning with Drift Detection, 2004): the error rate of a learner falls on a
 * stationary stream, so that a rate clearly above its minimum is a change. Distances are in standard deviations of the
 * rate at the minimum.
 *
 * <p>The usual 2 and 3 standard deviations from 30 samples on raise false alarms on most streams of 10,000 samples;
 * the defaults are 3.3 and 4.7, from 100 samples on.
 */
public final class Ddm implements DriftDetector {
    private static final int FEWEST = 100;
    private static final double WARNING = 3.3;
    private static final double DRIFT = 4.7;
    private static final String STATE = "state";

    private long samples;
    private double sum;
    private double lowestRate = 1;
    private double lowestDeviation = 1;

    /** Number of samples in a row with at least a warning: those since the change, as the method estimates it. */
    private long warned;

    @Override
    public DriftReading add(double error) {
        DriftDetector.requireError(error);
        samples++;
        sum += error;
        if (samples < FEWEST) {
            return DriftReading.none(DRIFT);
        }
        double rate = (sum + 1) / (samples + 2);
        double deviation = Math.sqrt(rate * (1 - rate) / samples);
        if (rate + deviation < lowestRate + lowestDeviation) {
            lowestRate = rate;
            lowestDeviation = deviation;
        }
        double statistic = (rate + deviation - lowestRate) / lowestDeviation;
        warned = statistic >= WARNING ? warned + 1 : 0;
        DriftReading reading = DriftReading.of(statistic, WARNING, DRIFT, warned);
        if (reading.level() == DriftLevel.DRIFT) {
            samples = 0;
            sum = 0;
            warned = 0;
            lowestRate = 1;
            lowestDeviation = 1;
        }
        return reading;
    }

    @Override
    public void write(SectionWriter section) {
        section.doubles(STATE, new double[] {samples, sum, lowestRate, lowestDeviation, warned});
    }

    static Ddm read(SectionReader section) {
        double[] state = section.doubles(STATE, 5);
        Ddm read = new Ddm();
        read.samples = (long) state[0];
        read.sum = state[1];
        read.lowestRate = state[2];
        read.lowestDeviation = state[3];
        read.warned = (long) state[4];
        return read;
    }
}
