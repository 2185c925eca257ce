package io.headwater.fuzz;

import java.awt.image.BufferedImage;
import java.util.stream.Stream;

/** BMP files. */
class BmpFuzzTest extends ImageFuzzing {
    @Override
    Stream<byte[]> seeds() {
        return encoded(
                "bmp",
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_USHORT_565_RGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY);
    }
}
