package io.headwater.engine.sound;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.AudioInput;
import io.headwater.config.FrameForm;
import io.headwater.config.Stage;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.runtime.FloatInputs;
import io.headwater.engine.runtime.OnnxCut;
import io.headwater.engine.runtime.OnnxSession;
import io.headwater.engine.weights.ModelFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.ModelProto;

/**
 * Frames that are computed by an ONNX model. Each sound is computed in a run of its own, so its frames depend on it
 * alone.
 */
final class StageFrames implements SoundFrames {
    private static final int MAX_MODEL_BYTES = 1 << 28;
    private static final float TRIAL = 0.5f;

    private final OnnxSession session;
    private final Stage stage;
    private final int maxSamples;

    private StageFrames(OnnxSession session, Stage stage, int maxSamples) {
        this.session = session;
        this.stage = stage;
        this.maxSamples = maxSamples;
    }

    /**
     * Reads, checks and loads the model of {@code stage}.
     *
     * @throws io.headwater.domain.ArtifactException when the file is missing, too large or has another digest
     * @throws BackboneException when the model does not match the manifest
     */
    static StageFrames open(Stage stage, AudioInput input, Compute compute) {
        byte[] bytes = ModelFiles.read(stage.file(), MAX_MODEL_BYTES);
        ModelProto model = OnnxModelFile.parse(bytes, ModelFiles.folder(stage.file()), MAX_MODEL_BYTES);
        OnnxSession session = OnnxSession.open(OnnxCut.cut(model, List.of(stage.output())), false, compute);
        Set<String> inputs = session.inputs().keySet();
        if (!inputs.equals(Set.of(stage.input()))) {
            session.close();
            throw new BackboneException("the front end must have the one input '" + stage.input()
                    + "' of the manifest, but has " + inputs + "; correct input.stage.input");
        }
        return new StageFrames(session, stage, input.maxSamples());
    }

    @Override
    public int width() {
        return stage.form().bins();
    }

    @Override
    public float[] of(float[] samples) {
        try {
            float[] values = run(samples);
            FrameForm form = stage.form();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] * form.factor() + form.offset());
            }
            return values;
        } catch (OrtException e) {
            throw new BackboneException(
                    "ONNX Runtime failed on the front end with " + samples.length + " samples: " + e.getMessage(), e);
        }
    }

    private float[] run(float[] samples) throws OrtException {
        OnnxTensor tensor = FloatInputs.of(List.of(samples), new long[] {1, samples.length}, false);
        OnnxSession.Output output = session.run(Map.of(stage.input(), tensor)).get(0);
        long[] shape = output.shape();
        long frames = shape.length < 2 ? 0 : output.values().length / Math.max(1, shape[shape.length - 1]);
        // All axes other than frames and bins must have size 1.
        boolean fits = shape.length >= 2
                && shape[shape.length - 1] == width()
                && Arrays.stream(shape, 0, shape.length - 1).allMatch(size -> size == 1 || size == frames);
        if (!fits) {
            throw new BackboneException("the front end must give [batch, frames, " + width()
                    + "] with any further axes of size 1, but gives " + Arrays.toString(shape)
                    + "; correct input.bins or input.stage.output");
        }
        return output.values();
    }

    /** {@inheritDoc} Found by a binary search with trial runs of the model, as more samples never give fewer frames. */
    @Override
    public int samples(int frames) {
        int tooFew = 0;
        int enough = maxSamples;
        if (count(enough) < frames) {
            throw new BackboneException("the front end must give the " + frames + " frames of a window for the "
                    + maxSamples + " samples of input.max-seconds, but gives " + count(enough)
                    + "; raise input.max-seconds or lower input.windows.size");
        }
        while (enough - tooFew > 1) {
            int middle = (enough + tooFew) >>> 1;
            if (count(middle) < frames) {
                tooFew = middle;
            } else {
                enough = middle;
            }
        }
        return enough;
    }

    /** Returns the number of frames for {@code samples} samples, or 0 if they are too few for the model to run. */
    private int count(int samples) {
        float[] trial = new float[samples];
        Arrays.fill(trial, TRIAL);
        try {
            return run(trial).length / width();
        } catch (OrtException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
