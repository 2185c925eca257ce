package io.headwater.task.goal;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Outcome;
import io.headwater.domain.PredictionRegion;
import io.headwater.domain.PredictionRegion.ClassSet;
import io.headwater.domain.Thresholds;
import io.headwater.engine.Logits;
import io.headwater.engine.OutputLayer;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.LinearTarget;
import io.headwater.task.PayloadView;
import io.headwater.task.PredictionSet;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import io.headwater.task.goal.CalibrationMetrics.Ranked;
import io.headwater.task.goal.ClassMetrics.Pair;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One class out of many.
 *
 * @param allowed names of the allowed classes; empty to allow any
 * @param smoothing share of a target that is spread over all classes (Szegedy et al., "Rethinking the Inception
 *     architecture for computer vision", 2016), 0 to below 1
 */
public record ClassGoal(List<String> allowed, double smoothing) implements Goal {
    private static final List<Integer> LIKELIEST = List.of(3, 5);

    public ClassGoal {
        allowed = List.copyOf(allowed);
    }

    @Override
    public OutputLayer output() {
        return OutputLayer.CLASSES;
    }

    @Override
    public List<String> names() {
        return allowed;
    }

    @Override
    public Outcome<Target> target(PayloadView view, Label label) {
        return target(allowed, label);
    }

    @Override
    public Outcome<Target> truth(PayloadView view, Label label) {
        return target(List.of(), label);
    }

    private static Outcome<Target> target(List<String> names, Label label) {
        return new ClassLabels(names).target(label).then(name -> Outcome.ok(Target.of(List.of(name))));
    }

    /** A probability for each class. */
    @Override
    public float[] encode(float[] code, int outputs) {
        float[] probabilities = new float[outputs];
        Arrays.fill(probabilities, (float) (smoothing / outputs));
        probabilities[(int) code[0]] += (float) (1 - smoothing);
        return probabilities;
    }

    @Override
    public int stratum(float[] code) {
        return (int) code[0];
    }

    @Override
    public Optional<LinearTarget> linearTarget() {
        return Optional.of(LinearTarget.CLASSES);
    }

    @Override
    public boolean choosesClass() {
        return true;
    }

    @Override
    public int thresholds() {
        return 1;
    }

    /** The class of the highest logit; the first of equals. */
    @Override
    public Answer decode(List<String> names, float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return new ClassAnswer(names.get(best), names, logits);
    }

    /**
     * A class.
     *
     * @param name of the most probable class
     * @param names of all classes, in the order of the logits
     */
    private record ClassAnswer(String name, List<String> names, float[] logits) implements Answer {
        @Override
        public double score(Target expected) {
            return expected.symbols().equals(List.of(name)) ? 1 : 0;
        }

        /** {@inheritDoc} It is the quadratic score (Brier 1950), scaled so that 0 is the worst. */
        @Override
        public double quality(Target expected) {
            return QuadraticScore.ofClass(
                    logits, 0, names.size(), names.indexOf(expected.symbols().get(0)));
        }

        @Override
        public Label label(PayloadView view) {
            return new ClassLabel(name);
        }

        private float[] softmax() {
            float[] probabilities = logits.clone();
            Logits.softmax(probabilities, 0, probabilities.length);
            return probabilities;
        }

        @Override
        public double confidence() {
            float most = 0;
            for (float probability : softmax()) {
                most = Math.max(most, probability);
            }
            return most;
        }

        @Override
        public double[] nonconformity(Target expected) {
            return new double[] {
                PredictionSet.score(softmax(), names.indexOf(expected.symbols().get(0)))
            };
        }

        @Override
        public Optional<PredictionRegion> region(PayloadView view, Thresholds thresholds) {
            PredictionSet set = PredictionSet.of(softmax(), thresholds.values().get(0));
            return Optional.of(new ClassSet(thresholds.coverage(), set.names(names)));
        }

        @Override
        public double risk(PayloadView view) {
            return PredictionSet.score(softmax(), names.indexOf(name));
        }

        @Override
        public Map<String, Float> probabilities() {
            float[] probabilities = softmax();
            Map<String, Float> byName = new TreeMap<>();
            for (int i = 0; i < probabilities.length; i++) {
                byName.put(names.get(i), probabilities[i]);
            }
            return byName;
        }
    }

    @Override
    public String scoreName() {
        return "accuracy";
    }

    /** The most frequent class; of equals, the last by name. */
    @Override
    public Optional<Label> majority(List<Label> labels) {
        return labels.stream()
                .collect(Collectors.groupingBy(ClassGoal::name, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> new ClassLabel(entry.getKey()));
    }

    @Override
    public SortedMap<String, Double> metrics(List<ScoredPrediction> scored) {
        ClassMetrics measured = ClassMetrics.of(scored.stream()
                .map(one -> new Pair(name(one.expected()), name(one.predicted())))
                .toList());
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("accuracy", measured.accuracy());
        metrics.put("macroF1", measured.macroF1());
        if (scored.stream().noneMatch(one -> one.probabilities().isEmpty())) {
            metrics.putAll(ranked(scored));
        }
        return metrics;
    }

    /** How far probabilities can be trusted, and how often one of the likeliest classes is right. */
    private static SortedMap<String, Double> ranked(List<ScoredPrediction> scored) {
        List<Ranked> ranked = scored.stream().map(ClassGoal::rank).toList();
        int classes = scored.stream()
                .mapToInt(one -> one.probabilities().size())
                .max()
                .orElse(0);
        SortedMap<String, Double> metrics = new TreeMap<>();
        metrics.put("ece", CalibrationMetrics.of(ranked, 1).ece());
        for (int k : LIKELIEST) {
            if (classes > k) {
                metrics.put(
                        "top" + k + "Accuracy", CalibrationMetrics.of(ranked, k).topKAccuracy());
            }
        }
        return metrics;
    }

    /** The predicted class ranks first, also among equals; a class that the head does not know ranks last. */
    private static Ranked rank(ScoredPrediction scored) {
        Map<String, Float> probabilities = scored.probabilities();
        String predicted = name(scored.predicted());
        float confidence = probabilities.getOrDefault(predicted, 0f);
        if (predicted.equals(name(scored.expected()))) {
            return new Ranked(0, confidence);
        }
        float expected = probabilities.getOrDefault(name(scored.expected()), -1f);
        long likelier = probabilities.values().stream()
                .filter(probability -> probability > expected)
                .count();
        return new Ranked(Math.max(1, (int) likelier), confidence);
    }

    private static String name(Label label) {
        return ((ClassLabel) label).name();
    }
}
