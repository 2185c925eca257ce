package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.learn.Learning;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A head that consists of the part of an ONNX model above a cut and an output layer. ONNX Runtime computes it and its
 * gradients. Rows of features are those of the backbone at the cut; see {@link CutLayout}.
 */
final class OnnxHead implements Head {
    private final OnnxHeads heads;
    private final ParameterLayout layout;
    private final TopWeights weights;
    private final int outputs;
    /** Null in a head that is used for inference only. */
    private @Nullable OnnxLearning learning;

    /** Creates an untrained head with these weights. */
    OnnxHead(OnnxHeads heads, Map<String, Tensor.F32> parameters) {
        this.heads = heads;
        outputs = HeadState.outputs(parameters);
        layout = TopWeights.layout(heads.top(), outputs);
        layout.check("parameters", List.of(""), parameters);
        weights = new TopWeights(layout);
        layout.write(weights.vector(), parameters); // checked before, so it cannot fail and leak memory
    }

    /** Enables training, which continues from {@code state}. */
    OnnxHead learning(HeadState state) {
        learning = new OnnxLearning(heads, outputs, layout, weights, state);
        return this;
    }

    @Override
    public int inputs() {
        return heads.inputs();
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public float[][] logits(float[][] features) {
        float[][] logits = new float[features.length][];
        for (int[] part : heads.batch().parts(features)) {
            TopRows rows = TopRows.of(heads, outputs, features, part);
            float[][] ofPart = rows.perSample(logits(rows));
            for (int i = 0; i < part.length; i++) {
                logits[part[i]] = ofPart[i];
            }
        }
        return logits;
    }

    private float[] logits(TopRows rows) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            rows.addTo(inputs, null);
            Map<String, OnnxTensor> given = new HashMap<>(inputs);
            given.putAll(weights.tensors());
            try (OrtSession.Result result = heads.answers().run(given, Map.of())) {
                return TopRows.values(result, TopGraph.LOGITS);
            }
        } catch (OrtException e) {
            throw rows.failed(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public double train(float[][] features, float[][] targets, float[] rowWeights) {
        return Learning.required(learning).train(features, targets, rowWeights);
    }

    @Override
    public HeadState state() {
        Map<String, Tensor.F32> parameters = layout.read(weights.vector());
        return learning == null ? HeadState.ofParameters(parameters) : learning.state(parameters);
    }

    @Override
    public void close() {
        if (learning != null) {
            learning.close();
        }
        weights.close();
    }
}
