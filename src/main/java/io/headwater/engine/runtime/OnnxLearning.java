package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.config.AdaptationConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.Logits;
import io.headwater.engine.StepRows;
import io.headwater.engine.learn.Learning;
import io.headwater.engine.learn.LiveParameters;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.StepLoss;
import io.headwater.engine.top.BatchNormNode;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The state that an ONNX head needs for training in addition to its weights. */
final class OnnxLearning implements AutoCloseable {
    private final OnnxHeads heads;
    private final int outputs;
    private final TopWeights weights;
    private final TopWeights gradients;
    private final TopWeights scratch;
    private final Learning learning;

    /**
     * Continues training from {@code state}.
     *
     * @param layout the layout of {@code weights}, which belong to the head
     * @throws IllegalArgumentException when the state does not belong to such a head
     */
    OnnxLearning(OnnxHeads heads, int outputs, ParameterLayout layout, TopWeights weights, HeadState state) {
        this.heads = heads;
        this.outputs = outputs;
        this.weights = weights;
        gradients = new TopWeights(layout);
        scratch = new TopWeights(layout);
        try {
            AdaptationConfig config = heads.config();
            ParameterLayout learned = TopWeights.learned(heads.top(), outputs);
            learning = Learning.restore(
                    config.optimiser(),
                    config.training().learningRate(),
                    config.training().gradients(),
                    config.strategy(),
                    layout.groups(),
                    new LiveParameters(learned, weights.vector(), gradients.vector()),
                    state,
                    config.optimiser().l2Sp() > 0 ? heads.pretrained() : Map.of());
        } catch (RuntimeException e) {
            gradients.close();
            scratch.close();
            throw e;
        }
    }

    /** As {@link io.headwater.engine.Head#train}. */
    double train(float[][] features, float[][] targets, float[] rowWeights) {
        StepRows.check(features, targets, rowWeights);
        TopTraining passes = heads.training(learning.unfrozen(), features.length);
        float[] dropout = heads.hasDropout()
                ? heads.dropout()
                        .mask(
                                learning.iteration(),
                                features.length * heads.top().width())
                : null;
        double loss = 0;
        // Parameters that no gradient reaches would otherwise keep the update of the previous step as their gradient.
        gradients.vector().assign(0);
        boolean first = true;
        List<int[]> parts = passes.norms().isEmpty()
                ? heads.batch().parts(features)
                : List.of(IntStream.range(0, features.length).toArray());
        for (int[] part : parts) {
            TopRows rows = TopRows.of(heads, outputs, features, part);
            float[][] wanted =
                    Arrays.stream(part).mapToObj(place -> targets[place]).toArray(float[][]::new);
            Objectives objectives = new Objectives(wanted, picked(rowWeights, 1, part), features.length);
            float[] factors =
                    dropout == null ? null : picked(dropout, heads.top().width(), part);
            loss += backward(passes, rows, objectives, factors, first ? gradients : scratch);
            if (!first) {
                gradients.vector().addi(scratch.vector());
            }
            first = false;
        }
        learning.step(loss);
        return loss;
    }

    /**
     * The objectives of some samples of a step.
     *
     * @param targets the target of each sample
     * @param weights the weight of each sample
     * @param samples the number of samples of the whole step
     */
    private record Objectives(float[][] targets, float[] weights, int samples) {}

    /**
     * Runs forward and backward pass for some rows of a step, and writes the gradients of their share of the loss to
     * {@code into}.
     */
    private double backward(
            TopTraining passes, TopRows rows, Objectives objectives, float @Nullable [] dropout, TopWeights into) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            rows.addTo(inputs, dropout);
            Map<String, OnnxTensor> given = new HashMap<>(inputs);
            given.putAll(weights.tensors());
            try (OrtSession.Result values = passes.forward().run(given, Map.of())) {
                float[] logits = TopRows.values(values, TopGraph.LOGITS);
                StepLoss loss = loss(rows.perSample(logits), objectives);
                for (String saved : passes.pass().saved()) {
                    values.get(saved).ifPresent(value -> given.put(saved, (OnnxTensor) value));
                }
                float[] byLogits = flat(loss.gradients(), logits.length);
                OnnxTensor seed = TopBatch.tensor(byLogits, new long[] {logits.length / outputs, outputs});
                inputs.put(passes.pass().seed(), seed);
                given.put(passes.pass().seed(), seed);
                passes.backward().run(given, pinned(passes, into)).close();
                for (BatchNormNode norm : passes.norms()) {
                    weights.follow(norm.mean(), TopRows.values(values, norm.batchMean()), norm.momentum());
                    weights.follow(norm.variance(), TopRows.values(values, norm.batchVariance()), norm.momentum());
                }
                return loss.loss();
            }
        } catch (OrtException e) {
            throw rows.failed(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Returns the tensors into which the backward pass writes the gradients. */
    private static Map<String, OnnxTensor> pinned(TopTraining passes, TopWeights into) {
        Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
        passes.pass().gradients().forEach((parameter, name) -> {
            OnnxTensor gradient = into.tensors().get(parameter);
            if (gradient != null) {
                pinned.put(name, gradient);
            }
        });
        return pinned;
    }

    private StepLoss loss(float[][] logits, Objectives objectives) {
        double[][] wide = Arrays.stream(logits).map(Logits::wide).toArray(double[][]::new);
        return StepLoss.of(
                heads.output().objective(),
                wide,
                outputs,
                objectives.targets(),
                objectives.weights(),
                objectives.samples());
    }

    /** Returns the gradients in the layout of the logits; those of padding are 0. */
    private static float[] flat(double[][] gradients, int length) {
        float[] flat = new float[length];
        int stride = length / gradients.length;
        for (int i = 0; i < gradients.length; i++) {
            for (int k = 0; k < gradients[i].length; k++) {
                flat[i * stride + k] = (float) gradients[i][k];
            }
        }
        return flat;
    }

    /** Returns the {@code width} values of each sample whose index is in {@code part}. */
    private static float[] picked(float[] values, int width, int[] part) {
        float[] picked = new float[part.length * width];
        for (int i = 0; i < part.length; i++) {
            System.arraycopy(values, part[i] * width, picked, i * width, width);
        }
        return picked;
    }

    /** Returns the state of the head with these parameters. */
    HeadState state(Map<String, Tensor.F32> parameters) {
        return learning.state(parameters);
    }

    @Override
    public void close() {
        learning.close();
        gradients.close();
        scratch.close();
    }
}
