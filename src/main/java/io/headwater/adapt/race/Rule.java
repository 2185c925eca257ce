package io.headwater.adapt.race;

import io.headwater.adapt.calibrate.Temperature;
import io.headwater.engine.closed.ClassPrior;
import io.headwater.engine.closed.Discriminant;
import io.headwater.engine.closed.LabelDiscriminant;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Logistic;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.closed.NearestMean;
import io.headwater.engine.closed.Ridge;
import io.headwater.engine.closed.Strength;
import java.util.Locale;

/** How a contender computes its weights from the samples of a window. */
enum Rule {
    /** Logistic regression on the samples in memory, with a summary of those that are no longer there. */
    LOGISTIC,
    /** The same on features that are divided by their deviations, for features of different units. */
    SCALED_LOGISTIC,
    /** The same with a weaker penalty, which is better where classes are many and well separated. */
    LOOSE_LOGISTIC,
    /** The same with a stronger penalty, which is better when many labels are wrong. */
    STRONG_LOGISTIC,
    /** Linear discriminant analysis with a shrunken covariance. */
    DISCRIMINANT,
    /** The same with equal priors, so that a run of one class does not look like knowledge of it. */
    UNIFORM_DISCRIMINANT,
    /** A linear discriminant of features that are divided by their deviation, with a covariance by the evidence of the targets. */
    SCALED_DISCRIMINANT,
    /** The nearest class mean, which is better with very few samples. */
    NEAREST_MEAN,
    /** A linear discriminant for each label. */
    LABELS,
    /** Ridge regression on numbers. */
    RIDGE,
    /** The weights that led before the last change, which learn nothing more. */
    FORMER;

    /** Penalty of a weight is width / strength: the logits of a sample have about this variance beforehand. */
    private static final double STRENGTH = 4;

    private static final double STRONG = 1;
    private static final double LOOSE = 40;

    /** Number of rows in memory by which the anchor of logistic regression is calibrated. */
    private static final int CALIBRATION_ROWS = 512;

    /** A large prime number, whose multiples visit the rows in a mixed order. */
    private static final long STRIDE = 999_983;

    /**
     * Returns weights for raw features.
     *
     * @param sums sums of all samples of the window, at least one
     * @param memory the samples of the window that are in memory
     * @param outputs number of outputs
     */
    LinearWeights solve(Moments sums, SampleTargets memory, int outputs) {
        return switch (this) {
            case LOGISTIC -> logistic(sums, memory, outputs, STRENGTH, false);
            case SCALED_LOGISTIC -> logistic(sums, memory, outputs, STRENGTH, true);
            case LOOSE_LOGISTIC -> logistic(sums, memory, outputs, LOOSE, false);
            case STRONG_LOGISTIC -> logistic(sums, memory, outputs, STRONG, false);
            case UNIFORM_DISCRIMINANT ->
                new Discriminant(ClassPrior.UNIFORM, Strength.SHRINKAGE).solve(sums.centred(outputs));
            case DISCRIMINANT -> new Discriminant(ClassPrior.STREAM, Strength.SHRINKAGE).solve(sums.centred(outputs));
            case SCALED_DISCRIMINANT ->
                new Discriminant(ClassPrior.STREAM, Strength.EVIDENCE)
                        .solve(sums.centred(outputs).standardised());
            case NEAREST_MEAN -> new NearestMean(ClassPrior.STREAM).solve(sums.centred(outputs));
            case LABELS -> new LabelDiscriminant().solve(sums.centred(outputs));
            case FORMER -> throw new IllegalStateException("former weights are not computed from samples");
            case RIDGE -> new Ridge().solve(sums.centred(outputs));
        };
    }

    private static LinearWeights logistic(
            Moments sums, SampleTargets memory, int outputs, double strength, boolean scaled) {
        LinearWeights anchor = sums.rows() == memory.count() ? null : anchor(sums, memory, outputs);
        return Logistic.fit(memory.features(), memory.classes(), outputs, sums, anchor, strength, scaled);
    }

    /** Returns the linear discriminant, at the temperature that fits the samples in memory best. */
    private static LinearWeights anchor(Moments sums, SampleTargets memory, int outputs) {
        LinearWeights discriminant =
                new Discriminant(ClassPrior.STREAM, Strength.SHRINKAGE).solve(sums.centred(outputs));
        Temperature temperature = new Temperature(1);
        for (int i = 0; i < Math.min(memory.count(), CALIBRATION_ROWS); i++) {
            // Samples in memory are grouped by class, and later samples have larger weights.
            int row = (int) ((long) i * STRIDE % memory.count());
            temperature.addClass(discriminant.logits(memory.features()[row]), memory.classes()[row]);
        }
        return discriminant.divided(temperature.temperature());
    }

    /** Returns whether solving takes much longer than for the other rules, so that it is done less often. */
    boolean isCostly() {
        return this == SCALED_LOGISTIC || this == LOOSE_LOGISTIC || this == STRONG_LOGISTIC;
    }

    /** Returns the name of a contender with this rule. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
