package io.headwater.fuzz;

import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Payload;
import io.headwater.task.Preparation;
import io.headwater.task.image.ImagePreparation;
import io.headwater.task.image.TestImages;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Images, prepared for a model of 32 × 32 pixels. */
abstract class ImageFuzzing extends ReaderFuzzing {
    private static final Preparation PREPARATION = new ImagePreparation(
            new ImageInput("x", 32, 32, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)),
            LimitsConfig.DEFAULT);

    @Override
    final void read(byte[] bytes) {
        PREPARATION.prepare(new Payload.EncodedImage(bytes));
    }

    /** Returns small files of a format, one for each type of {@link BufferedImage}. */
    static Stream<byte[]> encoded(String format, int... types) {
        return IntStream.of(types)
                .mapToObj(type -> TestImages.encode(TestImages.plain(9, 7, type, Color.ORANGE), format));
    }

    /** Returns a file of three million pixels. */
    static byte[] large(String format) {
        return TestImages.encode(TestImages.plain(2000, 1500, BufferedImage.TYPE_INT_RGB, Color.ORANGE), format);
    }
}
