package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Compute;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;

/** Tries whether the part of a model above a cut computes each row by itself if it is given several. */
final class IndependentRows {
    private static final int TOKENS = 5;
    // Rounding differs with the number of rows; a row that depends on another one differs by far more.
    private static final double TOLERANCE = 1e-3;

    private IndependentRows() {}

    /** Returns the message for a part that fails on several rows although it runs on one. */
    static String oneRowOnly(String why) {
        return "the part above the cut must take any number of rows, but takes only one, for which the model was"
                + " exported (" + why
                + "); export it with a free batch axis, choose a cut above the node that is named, or"
                + " training.strategy linear-probe";
    }

    /**
     * Runs {@code model} on two rows together and alone.
     *
     * @param model a graph without parameters
     * @param tensor its output
     * @throws BackboneException when the results differ
     */
    static void check(ModelProto model, String tensor, TopBatch batch) {
        SplittableRandom random = new SplittableRandom(1);
        List<float[]> rows = List.of(
                row(random, batch.layout().length(TOKENS)),
                row(random, batch.layout().length(TOKENS)));
        try (TopSession session = TopSession.open(model, Compute.ONE_THREAD)) {
            float[] together = run(session, tensor, batch.tensors(rows));
            float[] first = run(session, tensor, batch.tensors(rows.subList(0, 1)));
            float[] second = run(session, tensor, batch.tensors(rows.subList(1, 2)));
            float[] alone = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, alone, first.length, second.length);
            if (!areClose(together, alone)) {
                throw new BackboneException(oneRowOnly("two rows together give other values than each alone"));
            }
        } catch (OrtException e) {
            throw new BackboneException(oneRowOnly(String.valueOf(e.getMessage())), e);
        }
    }

    private static float[] row(SplittableRandom random, int length) {
        float[] row = new float[length];
        for (int i = 0; i < length; i++) {
            row[i] = (float) random.nextDouble(-1, 1);
        }
        return row;
    }

    private static float[] run(TopSession session, String tensor, Map<String, OnnxTensor> inputs) throws OrtException {
        try (OrtSession.Result result = session.run(inputs, Map.of())) {
            FloatBuffer values = ((OnnxTensor) result.get(tensor).orElseThrow()).getFloatBuffer();
            float[] copy = new float[values.remaining()];
            values.get(copy);
            return copy;
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static boolean areClose(float[] together, float[] alone) {
        if (together.length != alone.length) {
            return false;
        }
        double largest = 0;
        double apart = 0;
        for (int i = 0; i < alone.length; i++) {
            largest = Math.max(largest, Math.abs((double) alone[i]));
            apart = Math.max(apart, Math.abs((double) together[i] - alone[i]));
        }
        return !(apart > TOLERANCE * largest);
    }
}
