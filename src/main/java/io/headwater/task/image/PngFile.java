package io.headwater.task.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The chunks of a PNG file (ISO/IEC 15948, section 5). Only those that the pixels depend on are passed to the reader,
 * which inflates texts and colour profiles of any size, and believes the length of a palette.
 */
final class PngFile {
    private static final int SIGNATURE = 8;
    private static final int CHUNK = 8;
    private static final int CHECKSUM = 4;
    private static final int END = name("IEND");
    private static final int DATA = name("IDAT");
    /** The largest sizes of the chunks that are read whole. */
    private static final Map<Integer, Integer> LARGEST =
            Map.of(name("IHDR"), 13, name("PLTE"), 3 * 256, name("tRNS"), 256, END, 0);

    private PngFile() {}

    /** Returns a PNG file of the chunks that the pixels depend on; empty if the file ends before its image. */
    static Optional<byte[]> essential(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        ByteArrayOutputStream essential = new ByteArrayOutputStream(file.length);
        essential.write(file, 0, SIGNATURE);
        long at = SIGNATURE;
        while (at + CHUNK + CHECKSUM <= file.length) {
            int start = (int) at;
            long size = Integer.toUnsignedLong(bytes.getInt(start));
            int name = bytes.getInt(start + 4);
            at += CHUNK + size + CHECKSUM;
            if (at > file.length) {
                return Optional.empty();
            }
            if (name == DATA || size <= LARGEST.getOrDefault(name, -1)) {
                essential.write(file, start, (int) at - start);
            }
            if (name == END) {
                return Optional.of(essential.toByteArray());
            }
        }
        return Optional.empty();
    }

    private static int name(String name) {
        int code = 0;
        for (char c : name.toCharArray()) {
            code = code << 8 | c;
        }
        return code;
    }
}
