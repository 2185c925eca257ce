package io.headwater.task.image;

import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;

/** Converts an image to the input tensor of a base model, with its order of axes and channels, mean and scale. */
record PixelLayout(ImageInput input) {

    /** Returns the values of the input tensor for {@code image}, which must have the manifest's size. */
    float[] values(RgbPlanes image) {
        int size = image.width() * image.height();
        boolean planar = input.layout() == ImageLayout.NCHW;
        float[] values = new float[3 * size];
        for (int c = 0; c < 3; c++) {
            float[] plane = image.planes()[input.channels() == Channels.RGB ? c : 2 - c];
            float mean = input.mean().get(c).floatValue();
            float scale = input.scale().get(c).floatValue();
            int offset = planar ? c * size : c;
            int step = planar ? 1 : 3;
            for (int i = 0; i < size; i++) {
                values[offset + i * step] = (plane[i] - mean) * scale;
            }
        }
        return values;
    }
}
