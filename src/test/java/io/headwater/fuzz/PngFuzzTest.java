package io.headwater.fuzz;

import io.headwater.task.image.TestImages;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;

/** PNG files. */
class PngFuzzTest extends ImageFuzzing {
    @Override
    Stream<byte[]> seeds() {
        byte[] plain = encoded("png", BufferedImage.TYPE_INT_RGB).findFirst().orElseThrow();
        return Stream.concat(
                encoded(
                        "png",
                        BufferedImage.TYPE_INT_RGB,
                        BufferedImage.TYPE_INT_ARGB,
                        BufferedImage.TYPE_BYTE_GRAY,
                        BufferedImage.TYPE_USHORT_GRAY,
                        BufferedImage.TYPE_BYTE_INDEXED,
                        BufferedImage.TYPE_BYTE_BINARY),
                Stream.of(
                        TestImages.withChunk(plain, "tRNS", new byte[6]),
                        TestImages.withChunk(plain, "tEXt", new byte[] {'a', 0, 'b'}),
                        TestImages.declaring(plain, 5000, 5000)));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(large("png"));
    }
}
