package io.headwater.standalone;

import io.headwater.adapt.Example;
import io.headwater.config.AdaptationConfig.TrainingConfig;
import io.headwater.engine.GraphHead;
import io.headwater.engine.Head;
import io.headwater.engine.HeadSpec;
import io.headwater.task.Goal;
import io.headwater.task.Judged;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * The yardstick of an adaptation: an output layer on the same frozen features, taught once with each sample in the same
 * order, batch size and learning rate, with no replay and no gate.
 */
final class LinearProbe {
    private LinearProbe() {}

    /** The metrics on {@code test} after one pass over {@code train}. */
    static SortedMap<String, Double> metrics(
            Goal goal, List<Example> train, List<Example> test, int width, TrainingConfig training) {
        Set<String> known = new LinkedHashSet<>(goal.names());
        train.forEach(example -> example.target().symbols().stream()
                .filter(symbol -> !symbol.isEmpty())
                .forEach(known::add));
        List<String> names = List.copyOf(known);
        HeadSpec spec = new HeadSpec(width, 0, training.learningRate(), training.seed(), goal.output());
        try (Head head = GraphHead.create(spec, names.size())) {
            for (int from = 0; from < train.size(); from += training.batchSize()) {
                teach(goal, head, names, train.subList(from, Math.min(from + training.batchSize(), train.size())));
            }
            float[][] logits = head.logits(features(test));
            List<Judged> judged = new ArrayList<>(test.size());
            for (int i = 0; i < logits.length; i++) {
                Example example = test.get(i);
                judged.add(new Judged(example.label(), goal.answer(example.payload(), goal.said(names, logits[i]))));
            }
            return goal.metrics(judged);
        }
    }

    private static void teach(Goal goal, Head head, List<String> names, List<Example> batch) {
        float[][] targets = new float[batch.size()][];
        float[] weights = new float[batch.size()];
        for (int i = 0; i < batch.size(); i++) {
            float[] code = batch.get(i).target().code(names::indexOf);
            targets[i] = goal.taught(code, names.size());
            weights[i] = 1;
        }
        head.train(features(batch), targets, weights);
    }

    private static float[][] features(List<Example> examples) {
        return examples.stream().map(Example::features).toArray(float[][]::new);
    }
}
