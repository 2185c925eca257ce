package io.headwater.adapt.calibrate;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;
import java.util.Arrays;

/**
 * The temperature by which logits are divided so that probabilities are as large as predictions are right (Guo et al.,
 * On Calibration of Modern Neural Networks, 2017). It minimises the mean log loss of prequential logits: they were
 * computed before their sample was used for training, so that they are as wrong as those of future samples.
 *
 * <p>The mean log loss is kept for each temperature of a fixed grid, and the minimum is that of a parabola through the
 * best three. Later samples have larger weights, because the head improves: sample n has a weight that is proportional
 * to n², so that about 5/9 of the samples count, and from sample 3,000 on weights decay exponentially over 1,000
 * samples. With few samples the temperature stays close to the one it started with. Not thread-safe.
 */
public final class Temperature {
    /** Exponent of the weights. */
    private static final int GROWTH = 2;

    private static final double WINDOW = 1000;

    /** How many samples, with an average effect of the temperature on their loss, the first temperature is worth. */
    private static final double PRIOR_SAMPLES = 4;

    private static final String START = "start";
    private static final String SAMPLES = "samples";
    private static final String WEIGHT = "weight";
    private static final String LOSSES = "losses";

    private static final double LOWEST = TemperatureGrid.temperature(TemperatureGrid.SIZE - 1);
    private static final double HIGHEST = TemperatureGrid.temperature(0);

    private final double start;

    /** The position of the first temperature in the grid. */
    private final double startPosition;

    private final double[] losses;
    private long samples;

    /** The sum of the squares of the weights, whose sum is 1; 1 without samples. */
    private double squares = 1;

    /** Starts with a temperature, such as 1 or that of the previous version; from 0.052 to 20. */
    public Temperature(double start) {
        this(start, new double[TemperatureGrid.SIZE]);
    }

    private Temperature(double start, double[] losses) {
        if (!(start >= LOWEST && start <= HIGHEST)) {
            throw new IllegalArgumentException(
                    "a temperature must be from %.3f to %.0f, but is %s".formatted(LOWEST, HIGHEST, start));
        }
        this.start = start;
        this.startPosition = TemperatureGrid.position(start);
        this.losses = losses;
    }

    /**
     * Returns the temperature of logits whose samples have weights of their own.
     *
     * @param logits finite numbers, one for each class, of each sample; at least one sample
     * @param targets index of the true class of each sample
     * @param weights positive, one for each sample
     */
    public static Temperature of(float[][] logits, int[] targets, double[] weights) {
        Temperature fitted = new Temperature(1);
        double sum = Arrays.stream(weights).sum();
        fitted.squares = 0;
        for (int i = 0; i < logits.length; i++) {
            requireFinite(logits[i]);
            double share = weights[i] / sum;
            double[] losses = TemperatureGrid.softmaxLosses(logits[i], targets[i]);
            for (int j = 0; j < losses.length; j++) {
                fitted.losses[j] += share * losses[j];
            }
            fitted.squares += share * share;
            fitted.samples++;
        }
        return fitted;
    }

    /**
     * Adds the logits of a sample that has one of several classes.
     *
     * @param logits finite numbers, one for each class
     * @param target index of the true class
     */
    public void addClass(float[] logits, int target) {
        requireFinite(logits);
        add(TemperatureGrid.softmaxLosses(logits, target));
    }

    /**
     * Adds the logits of a sample with independent outputs.
     *
     * @param logits finite numbers, one for each output
     * @param targets 1 for outputs that are true of the sample, 0 for the others
     */
    public void addIndependent(float[] logits, float[] targets) {
        requireFinite(logits);
        if (logits.length != targets.length) {
            throw new IllegalArgumentException(
                    "each of the %d logits needs a target, but there are %d".formatted(logits.length, targets.length));
        }
        add(TemperatureGrid.sigmoidLosses(logits, targets));
    }

    private static void requireFinite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("a logit must be finite, but is " + logit);
            }
        }
    }

    private void add(double[] added) {
        samples++;
        double weight = Math.max((GROWTH + 1.0) / (samples + GROWTH), 1 / WINDOW);
        for (int i = 0; i < losses.length; i++) {
            losses[i] += weight * (added[i] - losses[i]);
        }
        squares = samples == 1 ? 1 : (1 - weight) * (1 - weight) * squares + weight * weight;
    }

    /** Returns the temperature. */
    public double temperature() {
        double[] objectives = new double[losses.length];
        int best = 0;
        for (int i = 0; i < objectives.length; i++) {
            objectives[i] = objective(i);
            best = objectives[i] < objectives[best] ? i : best;
        }
        if (best == 0 || best == losses.length - 1) {
            return TemperatureGrid.temperature(best);
        }
        double before = objectives[best - 1];
        double after = objectives[best + 1];
        double bend = before - 2 * objectives[best] + after;
        return TemperatureGrid.temperature(bend > 0 ? best + (before - after) / (2 * bend) : best);
    }

    /** The mean loss at a temperature of the grid, and what the distance to the first temperature costs. */
    private double objective(int index) {
        double distance = TemperatureGrid.LOG_STEP * (index - startPosition);
        return samples == 0 ? distance * distance : losses[index] + PRIOR_SAMPLES * squares * distance * distance / 2;
    }

    /** Returns the number of samples. */
    public long samples() {
        return samples;
    }

    /** Writes the state. */
    public void write(SectionWriter section) {
        section.value(START, start);
        section.value(SAMPLES, samples);
        section.value(WEIGHT, squares);
        section.doubles(LOSSES, losses);
    }

    /** Returns what continues from the state in {@code section}. */
    public static Temperature read(SectionReader section) {
        Temperature read =
                new Temperature(section.value(START, Double::valueOf), section.doubles(LOSSES, TemperatureGrid.SIZE));
        read.samples = section.value(SAMPLES, Long::valueOf);
        read.squares = section.value(WEIGHT, Double::valueOf);
        return read;
    }
}
