package io.headwater.adapt.race;

import io.headwater.adapt.calibrate.Temperature;
import io.headwater.engine.closed.ClassPrior;
import io.headwater.engine.closed.Discriminant;
import io.headwater.engine.closed.LabelDiscriminant;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.closed.Logistic;
import io.headwater.engine.closed.Moments;
import io.headwater.engine.closed.Ridge;
import io.headwater.engine.closed.RidgeClassifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** How a contender computes its weights from the samples of a window. */
enum Rule {
    /** The weighted mean of several of the others. */
    STACKED,
    /** Logistic regression on the samples in memory, with a summary of those that are no longer there. */
    LOGISTIC,
    /** The same with a weaker penalty, which is better where classes are many and well separated. */
    LOOSE_LOGISTIC,
    /** Linear discriminant analysis with a shrunken covariance. */
    DISCRIMINANT,
    /** The same with equal priors, so that a run of one class does not look like knowledge of it. */
    UNIFORM_DISCRIMINANT,
    /** A linear discriminant of features that are divided by their deviations. */
    SCALED_DISCRIMINANT,
    /** Ridge regression of the indicators of classes, which is better when many labels are wrong. */
    RIDGE_CLASSIFIER,
    /** A linear discriminant for each label. */
    LABELS,
    /** Ridge regression on numbers. */
    RIDGE,
    /** The weights that led before the last change, which learn nothing more. */
    FORMER,
    /** The first contender's weights for features that are aligned with those that it learned from. */
    ALIGNED,
    /** A linear discriminant that learns from predicted labels, too. */
    SELF_TRAINED,
    /** A linear discriminant that learns from labels, too, that samples have propagated to those that are like them. */
    PROPAGATED;

    /** Penalty of a weight is width / strength: the logits of a sample have about this variance beforehand. */
    private static final double STRENGTH = 4;

    private static final double LOOSE = 40;

    /** Number of rows in memory by which the anchor of logistic regression is calibrated. */
    private static final int CALIBRATION_ROWS = 512;

    /** Penalty of ridge regression, relative to the mean scatter of a feature. */
    private static final double RIDGE_PENALTY = 1;

    /** How many times the cube of the width the eigenvectors take. */
    private static final long EIGENVECTORS = 9;

    /** The most rows in memory that logistic regression uses; the others count by their sums. */
    private static final int MOST_ROWS = 4096;

    /**
     * Returns weights for raw features.
     *
     * @param sums sums of all samples of the window, at least one
     * @param memory the samples of the window that are in memory
     * @param outputs number of outputs
     */
    LinearWeights solve(Moments sums, SampleTargets memory, int outputs) {
        return switch (this) {
            case LOGISTIC, LOOSE_LOGISTIC ->
                logistic(sums, memory, outputs, List.of(strength())).get(0);
            case DISCRIMINANT ->
                new Discriminant(ClassPrior.STREAM).solve(sums.centred(outputs).comparable());
            case UNIFORM_DISCRIMINANT ->
                new Discriminant(ClassPrior.UNIFORM).solve(sums.centred(outputs).comparable());
            case SCALED_DISCRIMINANT ->
                new Discriminant(ClassPrior.STREAM).solve(sums.centred(outputs).standardised());
            case RIDGE_CLASSIFIER ->
                new RidgeClassifier(RIDGE_PENALTY).solve(sums.centred(outputs).comparable());
            case LABELS -> new LabelDiscriminant().solve(sums.centred(outputs));
            case RIDGE -> new Ridge().solve(sums.centred(outputs));
            case STACKED, FORMER, ALIGNED, SELF_TRAINED, PROPAGATED ->
                throw new IllegalStateException(this + " does not follow from samples alone");
        };
    }

    /**
     * Returns the weights of several rules, in their order, as {@link #solve(Moments, SampleTargets, int)} does, but with
     * what regressions of different strengths share computed once.
     */
    static List<LinearWeights> solve(List<Rule> rules, Moments sums, SampleTargets memory, int outputs) {
        List<Double> strengths =
                rules.stream().filter(Rule::isLogistic).map(Rule::strength).toList();
        Iterator<LinearWeights> regressions = strengths.isEmpty()
                ? Collections.emptyIterator()
                : logistic(sums, memory, outputs, strengths).iterator();
        List<LinearWeights> solved = new ArrayList<>();
        for (Rule rule : rules) {
            solved.add(rule.isLogistic() ? regressions.next() : rule.solve(sums, memory, outputs));
        }
        return solved;
    }

    private boolean isLogistic() {
        return this == LOGISTIC || this == LOOSE_LOGISTIC;
    }

    private double strength() {
        return this == LOOSE_LOGISTIC ? LOOSE : STRENGTH;
    }

    private static List<LinearWeights> logistic(
            Moments sums, SampleTargets memory, int outputs, List<Double> strengths) {
        SampleTargets rows = memory.atMost(MOST_ROWS);
        LinearWeights anchor = sums.rows() == rows.count() ? null : anchor(sums, rows, outputs);
        return Logistic.fits(rows.features(), rows.classes(), outputs, sums, anchor, strengths);
    }

    /** Returns the linear discriminant, at the temperature that fits the samples in memory best. */
    private static LinearWeights anchor(Moments sums, SampleTargets memory, int outputs) {
        LinearWeights discriminant = DISCRIMINANT.solve(sums, memory, outputs);
        SampleTargets rows = memory.atMost(CALIBRATION_ROWS);
        Temperature temperature = new Temperature(1);
        for (int i = 0; i < rows.count(); i++) {
            temperature.addClass(discriminant.logits(rows.features()[i]), rows.classes()[i]);
        }
        return discriminant.divided(temperature.temperature());
    }

    /**
     * Returns about how many multiply-adds a solution takes.
     *
     * @param rows number of rows in memory
     */
    long operations(long width, long rows, long outputs) {
        long factorisation = width * width * width / 6 + width * width * outputs;
        return switch (this) {
            case LOGISTIC, LOOSE_LOGISTIC ->
                factorisation + Logistic.operations(width, Math.min(rows, MOST_ROWS), outputs);
            case LABELS, RIDGE -> EIGENVECTORS * width * width * width + factorisation;
            case DISCRIMINANT, UNIFORM_DISCRIMINANT, SCALED_DISCRIMINANT, RIDGE_CLASSIFIER -> factorisation;
            case STACKED, FORMER, ALIGNED, SELF_TRAINED, PROPAGATED -> 0;
        };
    }

    /** Returns whether classes are as probable as they are frequent before a sample is seen. */
    boolean hasStreamPrior() {
        return switch (this) {
            case STACKED, LOGISTIC, LOOSE_LOGISTIC, DISCRIMINANT, SCALED_DISCRIMINANT, RIDGE_CLASSIFIER -> true;
            case UNIFORM_DISCRIMINANT, LABELS, RIDGE, FORMER, ALIGNED, SELF_TRAINED, PROPAGATED -> false;
        };
    }

    /** Returns the name of a contender with this rule. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
