package io.headwater.fuzz;

import java.awt.image.BufferedImage;
import java.util.stream.Stream;

/** GIF files. */
class GifFuzzTest extends ImageFuzzing {
    @Override
    Stream<byte[]> seeds() {
        return encoded(
                "gif",
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_BYTE_INDEXED,
                BufferedImage.TYPE_BYTE_BINARY);
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(large("gif"));
    }
}
