package io.headwater.task.image;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** The blocks of a GIF file (CompuServe, "Graphics Interchange Format, version 89a"). */
final class GifFile {
    private static final int HEADER = 13;
    private static final int FLAGS = 10;
    private static final int DESCRIPTOR = 10;
    private static final int IMAGE = 0x2c;
    private static final int EXTENSION = 0x21;
    private static final int CONTROL = 0xf9;
    /** Marker, label, a block of four bytes with its size, and the end of the blocks. */
    private static final int CONTROL_LENGTH = 8;

    private static final int TRAILER = 0x3b;

    private GifFile() {}

    static boolean isOne(byte[] file) {
        return file.length > 5
                && file[0] == 'G'
                && file[1] == 'I'
                && file[2] == 'F'
                && file[3] == '8'
                && (file[4] == '7' || file[4] == '9')
                && file[5] == 'a';
    }

    /**
     * Returns a GIF file of the first image alone; empty if the file does not contain all its blocks. Of the extensions,
     * it has only that which names the transparent colour: the reader needs time that grows with the square of the
     * length of a comment.
     */
    static Optional<byte[]> essential(byte[] file) {
        if (file.length < HEADER) {
            return Optional.empty();
        }
        int header = HEADER + palette(file, FLAGS);
        long at = header;
        int control = 0;
        while (at < file.length) {
            int start = (int) at;
            int block = file[start] & 0xff;
            if (block == IMAGE) {
                if (at + DESCRIPTOR > file.length) {
                    return Optional.empty();
                }
                // The palette is followed by one byte, the initial code size in bits.
                int end = skip(file, at + DESCRIPTOR + palette(file, start + DESCRIPTOR - 1) + 1);
                return end < 0 ? Optional.empty() : Optional.of(file(file, header, control, start, end));
            }
            if (block != EXTENSION) {
                return Optional.empty();
            }
            int end = skip(file, at + 2);
            if (end < 0) {
                return Optional.empty();
            }
            if ((file[start + 1] & 0xff) == CONTROL && end - start == CONTROL_LENGTH) {
                control = start;
            }
            at = end;
        }
        return Optional.empty();
    }

    private static byte[] file(byte[] file, int header, int control, int from, int to) {
        ByteArrayOutputStream essential = new ByteArrayOutputStream(header + CONTROL_LENGTH + to - from + 1);
        essential.write(file, 0, header);
        if (control > 0) {
            essential.write(file, control, CONTROL_LENGTH);
        }
        essential.write(file, from, to - from);
        essential.write(TRAILER);
        return essential.toByteArray();
    }

    /** Returns the size of a palette in bytes, 0 if there is none; {@code flags} is the index of its flags. */
    private static int palette(byte[] file, int flags) {
        int value = file[flags];
        return (value & 0x80) == 0 ? 0 : 3 << (value & 7) + 1;
    }

    /** Returns the index after the data sub-blocks that begin at {@code from}, or -1 if the file ends first. */
    private static int skip(byte[] file, long from) {
        long at = from;
        while (at < file.length) {
            int size = file[(int) at] & 0xff;
            at += size + 1;
            if (size == 0) {
                return (int) at;
            }
        }
        return -1;
    }
}
