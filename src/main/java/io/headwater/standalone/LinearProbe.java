package io.headwater.standalone;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.config.TrainingConfig;
import io.headwater.domain.Outcome;
import io.headwater.engine.Head;
import io.headwater.engine.dense.GraphHead;
import io.headwater.engine.dense.HeadSpec;
import io.headwater.task.Answer;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A linear probe, to which an adaptation is compared: an output layer on the same frozen features, trained once on each
 * sample in the same order, with the same batch size and learning rate, without replay and without a gate. It keeps at most
 * one batch of samples.
 */
final class LinearProbe implements AutoCloseable {
    private final Goal goal;
    private final List<String> names;
    private final Set<String> known;
    private final int batchSize;
    private final Head head;
    private final List<Example> pending = new ArrayList<>();

    /**
     * An untrained probe.
     *
     * @param names names of the outputs of the probe
     * @param width number of features of a sample, or of each of its positions
     */
    LinearProbe(Goal goal, List<String> names, int width, TrainingConfig training) {
        this.goal = goal;
        this.names = List.copyOf(names);
        this.known = new HashSet<>(names);
        batchSize = training.batchSize();
        HeadSpec spec = new HeadSpec(width, 0, training.learningRate(), training.seed(), goal.output());
        head = GraphHead.create(spec, names.size());
    }

    /** Trains on samples, a batch at a time. Samples that a lane would reject, or that need another output, are left out. */
    void learn(List<Example> examples) {
        for (Example example : examples) {
            int rows = example.features().length / head.inputs();
            if (goal.validate(example.target(), rows) instanceof Outcome.Ok && isKnown(example.target())) {
                pending.add(example);
            }
            if (pending.size() == batchSize) {
                learnPending();
            }
        }
    }

    private boolean isKnown(Target target) {
        return target.symbols().stream().allMatch(symbol -> symbol.isEmpty() || known.contains(symbol));
    }

    /** Trains on the samples of the last, incomplete batch. */
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

    /** The predictions for samples, in order, and their scores. */
    List<ScoredPrediction> scored(List<Example> examples) {
        List<Answer> answers = goal.decode(names, head.logits(features(examples)));
        return Examples.scored(
                examples, answers, examples.stream().map(Example::target).toList());
    }

    private static float[][] features(List<Example> examples) {
        return examples.stream().map(Example::features).toArray(float[][]::new);
    }

    @Override
    public void close() {
        head.close();
    }
}
