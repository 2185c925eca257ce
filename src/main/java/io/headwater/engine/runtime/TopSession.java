package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Compute;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;

/** A graph with many inputs and outputs in ONNX Runtime. Safe for use by several threads. */
final class TopSession implements AutoCloseable {
    private final GuardedSession session;

    private TopSession(GuardedSession session) {
        this.session = session;
    }

    /** Loads {@code model}. */
    static TopSession open(ModelProto model, Compute compute) {
        try {
            return new TopSession(GuardedSession.open(model.toByteArray(), false, compute));
        } catch (OrtException e) {
            throw new BackboneException(
                    "ONNX Runtime cannot load the part above the cut: " + e.getMessage() + "; choose another cut", e);
        }
    }

    /** Returns the inputs by name. */
    Map<String, TensorInfo> inputs() {
        try {
            Map<String, TensorInfo> inputs = new LinkedHashMap<>();
            session.use(OrtSession::getInputInfo).forEach((name, info) -> {
                if (info.getInfo() instanceof TensorInfo tensor) {
                    inputs.put(name, tensor);
                }
            });
            return inputs;
        } catch (OrtException e) {
            throw new BackboneException("ONNX Runtime cannot tell the inputs of the part above the cut", e);
        }
    }

    /**
     * Runs the graph; tensors of {@code given} that it does not read are ignored.
     *
     * @param pinned tensors into which outputs are written, by output name
     */
    OrtSession.Result run(Map<String, OnnxTensor> given, Map<String, OnnxTensor> pinned) throws OrtException {
        return session.use(open -> {
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>(given);
            inputs.keySet().retainAll(open.getInputNames());
            if (pinned.isEmpty()) {
                return open.run(inputs);
            }
            Set<String> others = new LinkedHashSet<>(open.getOutputNames());
            others.removeAll(pinned.keySet());
            return open.run(inputs, others, pinned);
        });
    }

    @Override
    public void close() {
        session.close();
    }
}
