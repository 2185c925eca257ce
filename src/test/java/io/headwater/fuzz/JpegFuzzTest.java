package io.headwater.fuzz;

import io.headwater.task.image.TestImages;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.stream.Stream;

/** JPEG files. */
class JpegFuzzTest extends ImageFuzzing {
    @Override
    Stream<byte[]> seeds() {
        byte[] plain = encoded("jpeg", BufferedImage.TYPE_INT_RGB).findFirst().orElseThrow();
        return Stream.of(
                plain,
                encoded("jpeg", BufferedImage.TYPE_BYTE_GRAY).findFirst().orElseThrow(),
                TestImages.progressive(9, 7, 3),
                TestImages.cmyk(9, 10, 20, 30, 40),
                TestImages.oriented(plain, 6, ByteOrder.BIG_ENDIAN),
                TestImages.oriented(plain, 3, ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                large("jpeg"),
                TestImages.progressive(5000, 5000, 8),
                TestImages.progressive(5000, 5000, 1000),
                TestImages.progressive(1400, 1400, 100),
                TestImages.progressive(65_535, 381, 8));
    }
}
