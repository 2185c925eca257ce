package io.headwater.task.image;

import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.ImageLayout;

/** Converts an image to the input tensor of a base model, with its order of axes and channels, mean and scale. */
record PixelLayout(ImageInput input) {

    /** Returns the values of the input tensor for {@code image}, which must have the manifest's size. */
    float[] values(RgbPlanes image) {
        int size = image.width() * image.height();
        boolean planar = input.layout() == ImageLayout.NCHW;
        int channels = input.channels().count();
        float[] values = new float[channels * size];
        for (int c = 0; c < channels; c++) {
            float[] plane = plane(image, c);
            float mean = input.mean().get(c).floatValue();
            float scale = input.scale().get(c).floatValue();
            int offset = planar ? c * size : c;
            int step = planar ? 1 : channels;
            for (int i = 0; i < size; i++) {
                values[offset + i * step] = (plane[i] - mean) * scale;
            }
        }
        return values;
    }

    private float[] plane(RgbPlanes image, int channel) {
        return switch (input.channels()) {
            case RGB -> image.planes()[channel];
            case BGR -> image.planes()[2 - channel];
            case GREY -> image.luminance();
        };
    }
}
