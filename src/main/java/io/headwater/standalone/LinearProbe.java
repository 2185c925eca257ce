package io.headwater.standalone;

import io.headwater.adapt.Classifier;
import io.headwater.engine.GraphHead;
import io.headwater.engine.Head;
import io.headwater.engine.HeadSpec;
import io.headwater.task.ClassMetrics;
import io.headwater.task.ClassMetrics.Pair;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The yardstick of an adaptation: a softmax layer on the same frozen features, taught once with each sample in the same
 * order, batch size and learning rate, with no replay and no gate.
 */
final class LinearProbe {
    /** A sample's features and class. */
    record Row(float[] features, String label) {}

    private LinearProbe() {}

    /** Accuracy on {@code test} after one pass over {@code train}, 0 to 1. */
    static double accuracy(List<Row> train, List<Row> test, double learningRate, int batchSize, long seed) {
        List<String> labels = new ArrayList<>(
                new LinkedHashSet<>(train.stream().map(Row::label).toList()));
        int width = train.get(0).features().length;
        try (Head head = GraphHead.create(new HeadSpec(width, 0, learningRate, seed), labels.size())) {
            for (int from = 0; from < train.size(); from += batchSize) {
                teach(head, labels, train.subList(from, Math.min(from + batchSize, train.size())));
            }
            float[][] said = head.probabilities(test.stream().map(Row::features).toArray(float[][]::new));
            return ClassMetrics.of(pairs(test, Classifier.mostProbable(labels, said)))
                    .accuracy();
        }
    }

    /** Expected and predicted classes side by side. */
    static List<Pair> pairs(List<Row> rows, List<String> predicted) {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> new Pair(rows.get(i).label(), predicted.get(i)))
                .toList();
    }

    private static void teach(Head head, List<String> labels, List<Row> batch) {
        float[][] targets = new float[batch.size()][labels.size()];
        float[] weights = new float[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            targets[i][labels.indexOf(batch.get(i).label())] = 1;
            weights[i] = 1;
        }
        head.train(batch.stream().map(Row::features).toArray(float[][]::new), targets, weights);
    }
}
