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
import java.util.stream.Stream;

/** Images of every format, prepared for a model of 32 × 32 pixels. */
class ImageFuzzTest extends ReaderFuzzing {
    private static final Preparation PREPARATION = new ImagePreparation(
            new ImageInput("x", 32, 32, ImageLayout.NCHW, Channels.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)),
            LimitsConfig.DEFAULT);

    @Override
    void read(byte[] bytes) {
        PREPARATION.prepare(new Payload.EncodedImage(bytes));
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of("png", "jpeg", "gif", "bmp")
                .flatMap(format -> Stream.of(
                                BufferedImage.TYPE_INT_RGB,
                                BufferedImage.TYPE_BYTE_GRAY,
                                BufferedImage.TYPE_BYTE_INDEXED,
                                BufferedImage.TYPE_BYTE_BINARY)
                        .filter(type -> !format.equals("jpeg") || type != BufferedImage.TYPE_BYTE_BINARY)
                        .map(type -> TestImages.encode(TestImages.plain(9, 7, type, Color.ORANGE), format)));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of("png", "jpeg", "gif")
                .map(format -> TestImages.encode(
                        TestImages.plain(2000, 1500, BufferedImage.TYPE_INT_RGB, Color.ORANGE), format));
    }
}
