package io.headwater.standalone;

import io.headwater.adapt.Example;
import io.headwater.config.TrainingConfig;
import io.headwater.domain.Outcome;
import io.headwater.engine.Head;
import io.headwater.engine.dense.GraphHead;
import io.headwater.engine.dense.HeadSpec;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.List;

/**
 * The yardstick of an adaptation: an output layer on the same frozen features, taught once with each sample in the same
 * order, batch size and learning rate, with no replay and no gate. It holds no more samples than a batch.
 */
final class LinearProbe implements AutoCloseable {
    private final Goal goal;
    private final List<String> names;
    private final int batchSize;
    private final Head head;
    private final List<Example> pending = new ArrayList<>();

    /**
     * A probe that has learned nothing.
     *
     * @param names of all outputs that it will need
     * @param width features of a sample, or of each of its positions
     */
    LinearProbe(Goal goal, List<String> names, int width, TrainingConfig training) {
        this.goal = goal;
        this.names = List.copyOf(names);
        batchSize = training.batchSize();
        HeadSpec spec = new HeadSpec(width, 0, training.learningRate(), training.seed(), goal.output());
        head = GraphHead.create(spec, names.size());
    }

    /** Learns samples, a batch at a time, but for those that a lane would not learn either. */
    void learn(List<Example> examples) {
        for (Example example : examples) {
            int rows = example.features().length / head.inputs();
            if (goal.validate(example.target(), rows) instanceof Outcome.Ok) {
                pending.add(example);
            }
            if (pending.size() == batchSize) {
                learnPending();
            }
        }
    }

    /** Learns what is left of the last batch. */
    void learnPending() {
        if (pending.isEmpty()) {
            return;
        }
        float[][] targets = new float[pending.size()][];
        float[] weights = new float[pending.size()];
        for (int i = 0; i < targets.length; i++) {
            float[] code = pending.get(i).target().code(names::indexOf);
            targets[i] = goal.encode(code, names.size());
            weights[i] = 1;
        }
        head.train(features(pending), targets, weights);
        pending.clear();
    }

    /** What it says of samples. */
    List<ScoredPrediction> scored(List<Example> examples) {
        return scored(goal, names, head.logits(features(examples)), examples);
    }

    /**
     * What a head says of samples.
     *
     * @param names of its outputs
     * @param logits of each sample
     */
    static List<ScoredPrediction> scored(Goal goal, List<String> names, float[][] logits, List<Example> examples) {
        List<ScoredPrediction> judged = new ArrayList<>(examples.size());
        for (int i = 0; i < logits.length; i++) {
            Example example = examples.get(i);
            judged.add(new ScoredPrediction(
                    example.label(),
                    goal.answer(example.payload(), goal.decode(names, logits[i])),
                    goal.probabilities(names, logits[i])));
        }
        return judged;
    }

    private static float[][] features(List<Example> examples) {
        return examples.stream().map(Example::features).toArray(float[][]::new);
    }

    @Override
    public void close() {
        head.close();
    }
}
