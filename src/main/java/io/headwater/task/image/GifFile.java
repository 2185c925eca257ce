package io.headwater.task.image;

/** The blocks of a GIF file (CompuServe, "Graphics Interchange Format, version 89a"). */
final class GifFile {
    private static final int HEADER = 13;
    private static final int FLAGS = 10;
    private static final int DESCRIPTOR = 10;
    private static final int IMAGE = 0x2c;
    private static final int EXTENSION = 0x21;

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

    /** Returns whether the file contains all blocks of its first image. */
    static boolean isComplete(byte[] file) {
        if (file.length < HEADER) {
            return false;
        }
        long at = HEADER + palette(file, FLAGS);
        while (at < file.length) {
            int block = file[(int) at] & 0xff;
            if (block == IMAGE) {
                if (at + DESCRIPTOR > file.length) {
                    return false;
                }
                // The palette is followed by one byte, the initial code size in bits.
                return skip(file, at + DESCRIPTOR + palette(file, (int) at + DESCRIPTOR - 1) + 1) > 0;
            }
            if (block != EXTENSION) {
                return false;
            }
            at = skip(file, at + 2);
            if (at < 0) {
                return false;
            }
        }
        return false;
    }

    /** Returns the size of a palette in bytes, 0 if there is none; {@code flags} is the index of its flags. */
    private static int palette(byte[] file, int flags) {
        int value = file[flags];
        return (value & 0x80) == 0 ? 0 : 3 << (value & 7) + 1;
    }

    /** Returns the index after the data sub-blocks that begin at {@code from}, or -1 if the file ends first. */
    private static long skip(byte[] file, long from) {
        long at = from;
        while (at < file.length) {
            int size = file[(int) at] & 0xff;
            at += size + 1;
            if (size == 0) {
                return at;
            }
        }
        return -1;
    }
}
