package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.engine.ModelInput;
import java.util.List;
import java.util.Map;

/**
 * Feeds images. Large images are computed one per run, since on a CPU a larger batch is no faster. Small images share
 * a run, because its fixed cost matters.
 *
 * @param half whether the model reads float16
 * @param fixedRows the fixed batch size of the model, or 0 if it is free
 */
record ImageFeed(ImageInput spec, boolean half, int fixedRows) implements Feed {
    private static final int MAX_ROWS = 32;
    private static final int MAX_PIXELS_OF_A_RUN = 1 << 15;
    private static final int TRIALS = 5;

    /** Returns the shape of {@code rows} images. */
    static long[] shape(ImageInput spec, int rows) {
        int channels = spec.channels().count();
        return spec.layout() == ImageLayout.NCHW
                ? new long[] {rows, channels, spec.height(), spec.width()}
                : new long[] {rows, spec.height(), spec.width(), channels};
    }

    @Override
    public int group(ModelInput input) {
        if (pixels(input).length != size()) {
            throw new IllegalArgumentException("an image of " + spec.width() + "x" + spec.height() + " must have "
                    + size() + " values, but has " + pixels(input).length);
        }
        return 0;
    }

    @Override
    public int rows(int group) {
        return fixedRows > 0 ? fixedRows : most();
    }

    @Override
    public int used(ModelInput input) {
        return Integer.MAX_VALUE;
    }

    @Override
    public Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException {
        List<float[]> images = inputs.stream().map(ImageFeed::pixels).toList();
        return Map.of(spec.name(), FloatInputs.of(images, shape(spec, inputs.size()), half));
    }

    @Override
    public List<ModelInput> trials() {
        return FloatInputs.trials(most() > 1 ? TRIALS : 1, size()).stream()
                .<ModelInput>map(ModelInput.Pixels::new)
                .toList();
    }

    private int most() {
        return Math.max(1, Math.min(MAX_ROWS, MAX_PIXELS_OF_A_RUN / (spec.height() * spec.width())));
    }

    private int size() {
        return spec.channels().count() * spec.height() * spec.width();
    }

    private static float[] pixels(ModelInput input) {
        if (input instanceof ModelInput.Pixels image) {
            return image.values();
        }
        throw new IllegalArgumentException("the base model reads images, but was given " + input.kind());
    }
}
