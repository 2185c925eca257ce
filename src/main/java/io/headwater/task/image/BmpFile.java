package io.headwater.task.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/** The headers of a BMP file (Microsoft, "Bitmap Storage"). */
final class BmpFile {
    private static final int FILE_HEADER = 14;
    private static final int CORE = 12;
    private static final int INFO = 40;
    private static final int V4 = 108;
    private static final int V5 = 124;
    private static final int COLOUR_SPACE = FILE_HEADER + 56;
    private static final int MASKED = 3;
    private static final Set<Integer> BITS = Set.of(1, 4, 8, 16, 24, 32);
    /** 'LINK' and 'MBED': a colour profile in another file or embedded in this one. */
    private static final Set<Integer> PROFILES = Set.of(0x4c494e4b, 0x4d424544);

    private BmpFile() {}

    static boolean isOne(byte[] file) {
        return file.length > 1 && file[0] == 'B' && file[1] == 'M';
    }

    /**
     * Returns why the pixels of a file cannot be read; empty if they can. Refuses files for which the Java platform
     * would invoke another reader (such as an embedded JPEG file) or access other files, and files shorter than their
     * pixel data.
     */
    static Optional<String> fault(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < FILE_HEADER + CORE) {
            return Optional.of("is cut off in its header");
        }
        int header = bytes.getInt(FILE_HEADER);
        boolean core = header == CORE;
        if (!core && header != INFO && header != V4 && header != V5) {
            return Optional.of("is a BMP with a header of " + Integer.toUnsignedString(header) + " bytes, not of "
                    + CORE + ", " + INFO + ", " + V4 + " or " + V5);
        }
        if (file.length < FILE_HEADER + header) {
            return Optional.of("is cut off in its header");
        }
        long width = core ? bytes.getShort(18) & 0xffff : bytes.getInt(18);
        // The height is negative if the top line comes first.
        long height = core ? bytes.getShort(20) & 0xffff : Math.abs((long) bytes.getInt(22));
        int bits = bytes.getShort(core ? 24 : 28) & 0xffff;
        int compression = core ? 0 : bytes.getInt(30);
        if (width < 1 || height < 1 || !BITS.contains(bits)) {
            return Optional.of("is a BMP of " + width + "x" + height + " pixels of " + bits + " bits");
        }
        if (compression != 0 && !(compression == MASKED && (bits == 16 || bits == 32))) {
            return Optional.of("is a BMP with compression " + Integer.toUnsignedString(compression)
                    + "; save it without, or as another format");
        }
        if (header >= V4 && PROFILES.contains(bytes.getInt(COLOUR_SPACE))) {
            return Optional.of("is a BMP with a colour profile; save it without");
        }
        long line = (width * bits + 31) / 32 * 4;
        // Divides instead of multiplying, so that it cannot overflow.
        long left = file.length - Integer.toUnsignedLong(bytes.getInt(10));
        return left < 0 || left / line < height ? Optional.of("is cut off before its last line") : Optional.empty();
    }
}
