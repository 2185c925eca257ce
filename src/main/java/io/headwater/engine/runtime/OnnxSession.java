package io.headwater.engine.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Compute;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model in ONNX Runtime. Safe for use by several threads. */
public final class OnnxSession implements AutoCloseable {
    private final GuardedSession session;

    private OnnxSession(GuardedSession session) {
        this.session = session;
    }

    /** An output tensor of a run: row-major values and their shape. */
    public record Output(float[] values, long[] shape) {}

    /** Loads {@code model}; sessions of the same model share its weights. */
    public static OnnxSession open(byte[] model, boolean fixedShape, Compute compute) {
        try {
            return new OnnxSession(GuardedSession.open(model, fixedShape, compute));
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot load the model below the cut: " + e.getMessage(), e);
        }
    }

    /** Returns the number of models that ONNX Runtime holds in this process. */
    public static int count() {
        return GuardedSession.count();
    }

    /** Returns the inputs by name. */
    public Map<String, TensorInfo> inputs() {
        try {
            return tensors("input", session.use(OrtSession::getInputInfo));
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot tell the inputs of the model", e);
        }
    }

    /** Returns the outputs by name. */
    Map<String, TensorInfo> outputs() {
        try {
            return tensors("output", session.use(OrtSession::getOutputInfo));
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot tell the outputs of the model", e);
        }
    }

    private static Map<String, TensorInfo> tensors(String what, Map<String, NodeInfo> infos) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        infos.forEach((name, info) -> {
            if (info.getInfo() instanceof TensorInfo tensor) {
                tensors.put(name, tensor);
            } else {
                throw new BackboneException(what + " '" + name + "' of the model must be a tensor, but is "
                        + info.getInfo() + "; use another model");
            }
        });
        return tensors;
    }

    /**
     * Runs the model on {@code inputs} and closes them. Returns the outputs in their order; float16 is converted to
     * float.
     */
    public List<Output> run(Map<String, OnnxTensor> inputs) throws OrtException {
        try {
            return session.use(open -> {
                try (OrtSession.Result result = open.run(inputs)) {
                    List<Output> outputs = new ArrayList<>(result.size());
                    for (Map.Entry<String, OnnxValue> output : result) {
                        outputs.add(output((OnnxTensor) output.getValue()));
                    }
                    return outputs;
                }
            });
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static Output output(OnnxTensor tensor) {
        FloatBuffer floats = tensor.getFloatBuffer();
        if (floats == null) {
            throw new BackboneException("the tensor at the cut must be float32 or float16, but is "
                    + tensor.getInfo().type + "; choose another cut");
        }
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return new Output(values, tensor.getInfo().getShape());
    }

    @Override
    public void close() {
        session.close();
    }
}
