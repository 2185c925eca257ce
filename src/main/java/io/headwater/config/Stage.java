package io.headwater.config;

import io.headwater.config.BaseModelManifest.ModelFile;
import java.util.List;

/**
 * Frames that another ONNX model makes of the samples.
 *
 * @param form how the bins of a window lie
 * @param file the ONNX file
 * @param input its float32 input [batch, samples]
 * @param output its tensor [batch, frames, bins], with any further axes of size 1
 */
public record Stage(FrameForm form, ModelFile file, String input, String output) implements WindowContent {
    public Stage {
        AudioKeys.STAGE_INPUT.check(input);
        AudioKeys.STAGE_OUTPUT.check(output);
    }

    @Override
    public List<Integer> shape(int size) {
        return form.shape(size);
    }
}
