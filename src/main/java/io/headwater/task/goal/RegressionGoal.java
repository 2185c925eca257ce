package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.Values;
import io.headwater.domain.Outcome;
import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.Intervals;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Thresholds;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.goal.RegressionMetrics.Pair;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Real numbers, as many as there are names. They should have about unit variance, because the loss is quadratic up to an
 * error of 1 and linear beyond.
 *
 * @param names of the numbers, in the order of a label's values; at least one
 */
public record RegressionGoal(List<String> names) implements Goal {
    private static final double DELTA = 1;

    public RegressionGoal {
        names = names.isEmpty() ? List.of("value") : List.copyOf(names);
    }

    @Override
    public OutputLayer output() {
        return new OutputLayer(new HuberObjective(DELTA), false, OutputActivation.NONE);
    }

    @Override
    public int numbers() {
        return names.size();
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        if (!(label instanceof Values numbers)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind values, but is " + label.kind() + "; send it to an adaptation of its kind");
        }
        float[] values = numbers.values();
        if (values.length != names.size()) {
            return Outcome.rejected(
                    Reason.BAD_LABEL,
                    "label must have the " + names.size() + " values " + names + ", but has " + values.length
                            + "; correct it or 'labels'");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return Outcome.rejected(
                        Reason.NOT_FINITE,
                        "label must hold finite numbers, but '" + names.get(i) + "' is " + values[i]
                                + "; drop or repair it");
            }
        }
        return Outcome.ok(Target.of(values));
    }

    @Override
    public Optional<LinearTarget> linearTarget() {
        return Optional.of(LinearTarget.NUMBERS);
    }

    @Override
    public int thresholds() {
        return names.size();
    }

    @Override
    public Answer decode(List<String> outputs, float[] logits) {
        return new NumbersAnswer(logits);
    }

    /** Numbers, in the order of a label's values. */
    private record NumbersAnswer(float[] numbers) implements Answer {

        /** {@inheritDoc} It is 1 / (1 + error). */
        @Override
        public double score(Target expected) {
            return 1 / (1 + error(expected));
        }

        /** {@inheritDoc} It is the mean over the numbers. */
        @Override
        public double error(Target expected) {
            double sum = 0;
            for (double error : nonconformity(expected)) {
                sum += error;
            }
            return sum / numbers.length;
        }

        @Override
        public Label label(PayloadView view) {
            return new Values(numbers);
        }

        /** {@inheritDoc} It is the absolute error of each number. */
        @Override
        public double[] nonconformity(Target expected) {
            double[] errors = new double[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                errors[i] = Math.abs((double) expected.numbers()[i] - numbers[i]);
            }
            return errors;
        }

        @Override
        public Optional<PredictionRegion> region(PayloadView view, Thresholds thresholds) {
            return Optional.of(new Intervals(
                    thresholds.coverage(),
                    IntStream.range(0, numbers.length)
                            .mapToObj(i -> PredictionInterval.around(
                                    numbers[i], thresholds.values().get(i)))
                            .toList()));
        }
    }

    @Override
    public String scoreName() {
        return "closeness";
    }

    /** The mean of each number. */
    @Override
    public Optional<Label> majority(List<Label> labels) {
        double[] sums = new double[names.size()];
        for (Label label : labels) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values(label)[i];
            }
        }
        float[] means = new float[sums.length];
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (sums[i] / labels.size());
        }
        return labels.isEmpty() ? Optional.empty() : Optional.of(new Values(means));
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        RegressionMetrics measured = RegressionMetrics.of(scored.stream()
                .map(one -> new Pair(values(one.expected()), values(one.predicted())))
                .toList());
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("mae", measured.mae());
        metrics.put("rmse", measured.rmse());
        metrics.put("r2", measured.r2());
        return metrics;
    }

    private static float[] values(Label label) {
        return ((Values) label).values();
    }
}
