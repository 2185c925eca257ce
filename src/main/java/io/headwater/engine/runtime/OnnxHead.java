package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.config.OptimiserConfig;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Logits;
import io.headwater.engine.StepRows;
import io.headwater.engine.learn.LiveParameters;
import io.headwater.engine.learn.Optimiser;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.Phases;
import io.headwater.engine.learn.StepLoss;
import io.headwater.engine.top.BatchNormNode;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A head that is the part of an ONNX model above a cut with an output layer, run and differentiated in ONNX Runtime. Rows of
 * features are those of the backbone at the cut; see {@link CutLayout}.
 */
final class OnnxHead implements Head {
    private final OnnxHeads heads;
    private final ParameterLayout layout;
    private final TopWeights weights;
    private final int outputs;
    private @Nullable Learning learning;

    /** What a head in training has beside its weights. */
    private record Learning(TopWeights gradients, TopWeights scratch, Optimiser optimiser, Phases phases) {
        void close() {
            optimiser.close();
            gradients.close();
            scratch.close();
        }
    }

    /** A head of these weights that has not begun to learn. */
    OnnxHead(OnnxHeads heads, Map<String, Tensor.F32> parameters) {
        this.heads = heads;
        Tensor.F32 bias = parameters.get(TopGraph.BIAS);
        if (bias == null || bias.shape().length != 1) {
            throw new IllegalArgumentException("a head's state needs a tensor " + TopGraph.BIAS + " of rank 1, but has "
                    + new TreeMap<>(parameters).keySet());
        }
        outputs = bias.shape()[0];
        layout = TopWeights.layout(heads.top(), outputs);
        layout.check("parameters", List.of(""), parameters);
        weights = new TopWeights(layout);
        layout.write(weights.vector(), parameters); // it was checked, so nothing is left open
    }

    /** Lets it go on learning from {@code state}. */
    OnnxHead learning(HeadState state) {
        HeadState own = new HeadState(state.parameters(), Phases.without(state.optimiser()), state.iteration());
        Phases phases = new Phases(heads.config().strategy(), layout.groups(), state.optimiser());
        TopWeights gradients = new TopWeights(layout);
        TopWeights scratch = new TopWeights(layout);
        try {
            ParameterLayout learned = TopWeights.learned(heads.top(), outputs);
            LiveParameters live = new LiveParameters(learned, weights.vector(), gradients.vector());
            OptimiserConfig rule = heads.config().optimiser();
            Optimiser optimiser = Optimiser.restore(
                    rule,
                    heads.config().training().learningRate(),
                    live,
                    own,
                    rule.l2Sp() > 0 ? heads.pretrained() : Map.of());
            learning = new Learning(gradients, scratch, optimiser, phases);
            return this;
        } catch (RuntimeException e) {
            gradients.close();
            scratch.close();
            throw e;
        }
    }

    @Override
    public int inputs() {
        return heads.batch().layout().length(1);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public float[][] logits(float[][] features) {
        float[][] logits = new float[features.length][];
        for (int[] part : heads.batch().parts(features)) {
            List<float[]> rows = rows(features, part);
            float[][] ofPart = perSample(logits(rows), rows);
            for (int i = 0; i < part.length; i++) {
                logits[part[i]] = ofPart[i];
            }
        }
        return logits;
    }

    /** The logits of each sample, those of padding left out. */
    private float[][] perSample(float[] logits, List<float[]> rows) {
        int stride = logits.length / rows.size();
        float[][] samples = new float[rows.size()][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Arrays.copyOfRange(logits, i * stride, i * stride + length(rows.get(i), stride));
        }
        return samples;
    }

    /** How many logits a sample has of the {@code stride} that its place in a batch holds. */
    private int length(float[] row, int stride) {
        CutLayout layout = heads.batch().layout();
        return heads.output().everyPosition() && layout.hasTokens() ? layout.tokens(row) * outputs : stride;
    }

    private float[] logits(List<float[]> rows) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.putAll(heads.batch().tensors(rows));
            Map<String, OnnxTensor> given = new HashMap<>(inputs);
            given.putAll(weights.tensors());
            if (heads.hasDropout()) {
                putDropout(inputs, rows.size(), null);
                given.putAll(inputs);
            }
            try (OrtSession.Result result = heads.answers().run(given, Map.of())) {
                return values(result, TopGraph.LOGITS);
            }
        } catch (OrtException e) {
            throw failed(rows.size(), e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] rowWeights) {
        Learning state = learning;
        if (state == null) {
            throw new IllegalStateException("a head that answers cannot be trained");
        }
        StepRows.check(features, targets, rowWeights);
        int unfrozen = state.phases().unfrozen(state.optimiser().iteration());
        TopTraining passes = heads.training(unfrozen, features.length);
        float[] dropout = heads.hasDropout()
                ? heads.dropout()
                        .mask(
                                state.optimiser().iteration(),
                                features.length * heads.top().width())
                : new float[0];
        double loss = 0;
        // What no gradient reaches would else be given its last update for one.
        state.gradients().vector().assign(0);
        boolean first = true;
        List<int[]> parts = passes.norms().isEmpty()
                ? heads.batch().parts(features)
                : List.of(IntStream.range(0, features.length).toArray());
        for (int[] part : parts) {
            TopWeights into = first ? state.gradients() : state.scratch();
            loss += backward(passes, features, targets, rowWeights, part, dropout, into);
            if (!first) {
                state.gradients().vector().addi(state.scratch().vector());
            }
            first = false;
        }
        state.optimiser().step(unfrozen);
        state.phases().learned(loss);
        return loss;
    }

    /** Forward and backward pass over some rows of a step; the gradients of their share of the loss go to {@code into}. */
    private double backward(
            TopTraining passes,
            float[][] features,
            float[][] targets,
            float[] rowWeights,
            int[] part,
            float[] dropout,
            TopWeights into) {
        List<float[]> rows = rows(features, part);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.putAll(heads.batch().tensors(rows));
            if (dropout.length > 0) {
                putDropout(inputs, part.length, factors(dropout, part));
            }
            Map<String, OnnxTensor> given = new HashMap<>(inputs);
            given.putAll(weights.tensors());
            try (OrtSession.Result values = passes.forward().run(given, Map.of())) {
                float[] logits = values(values, TopGraph.LOGITS);
                StepLoss loss = loss(logits, rows, pick(targets, part), weights(rowWeights, part), features.length);
                for (String saved : passes.pass().saved()) {
                    values.get(saved).ifPresent(value -> given.put(saved, (OnnxTensor) value));
                }
                float[] byLogits = flat(loss.gradients(), logits.length);
                OnnxTensor seed = TopBatch.tensor(byLogits, new long[] {logits.length / outputs, outputs});
                inputs.put(passes.pass().seed(), seed);
                given.put(passes.pass().seed(), seed);
                Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
                passes.pass().gradients().forEach((parameter, name) -> {
                    OnnxTensor gradient = into.tensors().get(parameter);
                    if (gradient != null) {
                        pinned.put(name, gradient);
                    }
                });
                passes.backward().run(given, pinned).close();
                for (BatchNormNode norm : passes.norms()) {
                    weights.follow(norm.mean(), values(values, norm.batchMean()), norm.momentum());
                    weights.follow(norm.variance(), values(values, norm.batchVariance()), norm.momentum());
                }
                return loss.loss();
            }
        } catch (OrtException e) {
            throw failed(part.length, e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private StepLoss loss(float[] logits, List<float[]> rows, float[][] targets, float[] rowWeights, int samples) {
        double[][] wide =
                Arrays.stream(perSample(logits, rows)).map(Logits::wide).toArray(double[][]::new);
        return StepLoss.of(heads.output().objective(), wide, outputs, targets, rowWeights, samples);
    }

    /** The gradients side by side as the logits are; that of padding is 0. */
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

    private void putDropout(Map<String, OnnxTensor> inputs, int rows, float @Nullable [] mask) throws OrtException {
        int width = heads.top().width();
        float[] factors = mask;
        if (factors == null) {
            factors = new float[rows * width];
            Arrays.fill(factors, 1);
        }
        inputs.put(TopGraph.DROPOUT, TopBatch.tensor(factors, new long[] {rows, width}));
    }

    private float[] factors(float[] dropout, int[] part) {
        int width = heads.top().width();
        float[] picked = new float[part.length * width];
        for (int i = 0; i < part.length; i++) {
            System.arraycopy(dropout, part[i] * width, picked, i * width, width);
        }
        return picked;
    }

    private static float[] weights(float[] rowWeights, int[] part) {
        float[] picked = new float[part.length];
        for (int i = 0; i < part.length; i++) {
            picked[i] = rowWeights[part[i]];
        }
        return picked;
    }

    private static float[][] pick(float[][] rows, int[] part) {
        float[][] picked = new float[part.length][];
        for (int i = 0; i < part.length; i++) {
            picked[i] = rows[part[i]];
        }
        return picked;
    }

    private static List<float[]> rows(float[][] features, int[] part) {
        return List.of(pick(features, part));
    }

    private static float[] values(OrtSession.Result result, String name) {
        FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static BackboneException failed(int rows, OrtException e) {
        return new BackboneException("ONNX Runtime failed on a head's batch of " + rows + ": " + e.getMessage(), e);
    }

    @Override
    public HeadState state() {
        Map<String, Tensor.F32> optimiser = new TreeMap<>();
        long iteration = 0;
        if (learning != null) {
            optimiser.putAll(learning.optimiser().state());
            learning.phases().save(optimiser);
            iteration = learning.optimiser().iteration();
        }
        return new HeadState(layout.read(weights.vector()), optimiser, iteration);
    }

    @Override
    public void close() {
        if (learning != null) {
            learning.close();
        }
        weights.close();
    }
}
