package io.headwater.config;

import java.util.List;

/**
 * An image: resized to width × height, each channel c becomes (value − mean[c]) × scale[c], where value is 0 to 255.
 *
 * @param name of the model's input, float32 or float16, of rank 4
 * @param width in pixels, 1 to 4096
 * @param height in pixels, 1 to 4096
 * @param layout order of the axes
 * @param channels order of the channels
 * @param mean three finite values, in the order of the channels
 * @param scale three finite values other than 0, in the order of the channels
 */
public record ImageInput(
        String name,
        int width,
        int height,
        ImageLayout layout,
        Channels channels,
        List<Double> mean,
        List<Double> scale)
        implements BaseModelInput {
    public ImageInput {
        BaseModelKeys.INPUT.check(name);
        BaseModelKeys.WIDTH.check(width);
        BaseModelKeys.HEIGHT.check(height);
        mean = BaseModelKeys.MEAN.check(List.copyOf(mean));
        scale = BaseModelKeys.SCALE.check(List.copyOf(scale));
    }

    /** Order of the axes of an image tensor. */
    public enum ImageLayout {
        /** Batch, channels, height, width. */
        NCHW,
        /** Batch, height, width, channels. */
        NHWC
    }

    /** Order of the channels of an image tensor. */
    public enum Channels {
        /** Red first. */
        RGB,
        /** Blue first. */
        BGR
    }
}
