package io.headwater.bench.policy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;

/** Runs a policy network from a file with plain ONNX Runtime. */
final class OnnxPolicy implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxPolicy(byte[] file) {
        try {
            session = environment.createSession(file);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the index of the action with the highest value. */
    int best(float[] observation) {
        String input = session.getInputNames().iterator().next();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, new float[][] {observation});
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            float[] values = ((float[][]) result.get(0).getValue())[0];
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                best = values[i] > values[best] ? i : best;
            }
            return best;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
