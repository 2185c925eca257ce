package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Thresholds;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.PayloadView;
import io.headwater.task.PredictionSet;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Any number of classes at once. A class is predicted when its probability is above one half.
 *
 * @param allowed the names of classes, at least one
 */
public record MultiLabelGoal(List<String> allowed) implements Goal {
    public MultiLabelGoal {
        if (allowed.isEmpty()) {
            throw new IllegalArgumentException(
                    "'labels' must list the classes of a task multi-label-classification, but is empty; list them");
        }
        allowed = List.copyOf(allowed);
    }

    @Override
    public OutputLayer output() {
        return new OutputLayer(new SigmoidObjective(), false, OutputActivation.SIGMOID);
    }

    @Override
    public List<String> names() {
        return allowed;
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return target(new ClassLabels(allowed), label);
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return target(new ClassLabels(List.of()), label);
    }

    private Outcome<Target> target(ClassLabels labels, Label label) {
        if (!(label instanceof MultiLabel many)) {
            return Outcome.rejected(
                    Reason.WRONG_KIND,
                    "label must be of kind multi-label, but is " + label.kind()
                            + "; send it to an adaptation of its kind");
        }
        Set<String> unknown = new TreeSet<>(many.names());
        allowed.forEach(unknown::remove);
        for (String name : unknown) {
            Outcome<String> checked = labels.target(new Label.ClassLabel(name));
            if (checked instanceof Outcome.Rejected<String> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
        }
        return Outcome.ok(Target.of(List.copyOf(many.names())));
    }

    @Override
    public Optional<LinearTarget> linearTarget() {
        return Optional.of(LinearTarget.LABELS);
    }

    @Override
    public int thresholds() {
        return 1;
    }

    @Override
    public Answer decode(List<String> names, float[] logits) {
        List<String> predicted = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > 0) {
                predicted.add(names.get(i));
            }
        }
        predicted.sort(null);
        return new ClassesAnswer(predicted, names, logits);
    }

    /**
     * A set of classes.
     *
     * @param predicted names of the classes whose probability is above one half, in order
     * @param names of all classes, in the order of the logits
     */
    private record ClassesAnswer(List<String> predicted, List<String> names, float[] logits) implements Answer {

        /** F1 of the two sets; 1 where both are empty. */
        @Override
        public double score(Target expected) {
            if (expected.symbols().isEmpty() && predicted.isEmpty()) {
                return 1;
            }
            Set<String> both = new HashSet<>(expected.symbols());
            both.retainAll(new HashSet<>(predicted));
            return 2.0 * both.size() / (expected.symbols().size() + predicted.size());
        }

        /** {@inheritDoc} It is 1 less the mean squared error of the probabilities. */
        @Override
        public double quality(Target expected) {
            double sum = 0;
            Set<String> truths = new HashSet<>(expected.symbols());
            for (int i = 0; i < logits.length; i++) {
                double truth = truths.contains(names.get(i)) ? 1 : 0;
                double error = probability(i) - truth;
                sum += error * error;
            }
            return 1 - sum / Math.max(1, logits.length);
        }

        @Override
        public Label label(PayloadView view) {
            return new MultiLabel(new TreeSet<>(predicted));
        }

        private double probability(int output) {
            return 1 / (1 + StrictMath.exp(-logits[output]));
        }

        private float[] ofEach() {
            float[] probabilities = new float[logits.length];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = (float) probability(i);
            }
            return probabilities;
        }

        /** {@inheritDoc} It is that of the least probable of the true classes, so that a set contains all of them. */
        @Override
        public double[] nonconformity(Target expected) {
            float[] probabilities = ofEach();
            Set<String> unseen = new HashSet<>(expected.symbols());
            double largest = 0;
            for (int i = 0; i < probabilities.length; i++) {
                if (unseen.remove(names.get(i))) {
                    largest = Math.max(largest, PredictionSet.score(probabilities, i));
                }
            }
            // A class that the head does not know has the probability 0.
            return new double[] {unseen.isEmpty() ? largest : Math.max(largest, PredictionSet.score(probabilities, -1))
            };
        }

        @Override
        public Optional<PredictionRegion> region(PayloadView view, Thresholds thresholds) {
            PredictionSet set = PredictionSet.of(ofEach(), thresholds.values().get(0));
            return Optional.of(new ClassSet(thresholds.coverage(), set.names(names)));
        }

        /** {@inheritDoc} It is wrong when any class is, and the classes are taken as independent. */
        @Override
        public double risk(PayloadView view) {
            double right = 1;
            for (int i = 0; i < logits.length; i++) {
                right *= Math.max(probability(i), 1 - probability(i));
            }
            return 1 - right;
        }

        @Override
        public Map<String, Float> probabilities() {
            Map<String, Float> probabilities = new TreeMap<>();
            for (int i = 0; i < logits.length; i++) {
                probabilities.put(names.get(i), (float) probability(i));
            }
            return probabilities;
        }
    }

    @Override
    public String scoreName() {
        return "sampleF1";
    }

    /** The most frequent set of classes; of equals, the last by its text. */
    @Override
    public Optional<Label> majority(List<Label> labels) {
        // Grouped by text, because equal texts are found in a map also when many of them have equal hash codes.
        return labels.stream()
                .collect(Collectors.groupingBy(label -> String.join("\0", names(label))))
                .values()
                .stream()
                .max(Comparator.<List<Label>>comparingInt(List::size)
                        .thenComparing(same -> same.get(0).text()))
                .map(same -> same.get(0));
    }

    /** Micro- and macro-F1; mean average precision where probabilities were kept. */
    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        boolean ranked = scored.stream().noneMatch(one -> one.probabilities().isEmpty());
        MultiLabelMetrics measured = MultiLabelMetrics.of(
                scored.stream().map(one -> pair(one, ranked)).toList());
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("microF1", measured.microF1());
        metrics.put("macroF1", measured.macroF1());
        if (ranked) {
            metrics.put("meanAveragePrecision", measured.meanAveragePrecision());
        }
        return metrics;
    }

    private static MultiLabelMetrics.Pair pair(ScoredPrediction one, boolean ranked) {
        if (ranked) {
            return new MultiLabelMetrics.Pair(names(one.expected()), one.probabilities());
        }
        Map<String, Double> certain = new HashMap<>();
        names(one.predicted()).forEach(name -> certain.put(name, 1.0));
        return new MultiLabelMetrics.Pair(names(one.expected()), certain);
    }

    private static Set<String> names(Label label) {
        return ((MultiLabel) label).names();
    }
}
