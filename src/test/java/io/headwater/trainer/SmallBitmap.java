package io.headwater.trainer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Uncompressed images, so that tests do not depend on an image codec. */
final class SmallBitmap {
    private static final int SIDE = 4;
    private static final int HEADER = 54;

    private SmallBitmap() {}

    /** Returns a BMP file of 4 × 4 random 24-bit pixels. */
    static byte[] of(Random random) {
        int size = HEADER + SIDE * SIDE * 3;
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put("BM".getBytes(StandardCharsets.US_ASCII))
                .putInt(size)
                .putInt(0)
                .putInt(HEADER);
        file.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) 24);
        file.putInt(0)
                .putInt(SIDE * SIDE * 3)
                .putInt(2835)
                .putInt(2835)
                .putInt(0)
                .putInt(0);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        random.nextBytes(pixels);
        return file.put(pixels).array();
    }
}
