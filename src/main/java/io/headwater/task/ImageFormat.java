package io.headwater.task;

import java.util.Arrays;

/** What the first bytes of an image file say. */
enum ImageFormat {
    JPEG,
    PNG,
    UNKNOWN;

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    static ImageFormat of(byte[] file) {
        if (file.length > 3 && marker(file, 0) == 0xd8 && (file[2] & 0xff) == 0xff) {
            return JPEG;
        }
        for (int i = 0; i < PNG_SIGNATURE.length; i++) {
            if (i >= file.length || file[i] != PNG_SIGNATURE[i]) {
                return UNKNOWN;
            }
        }
        return PNG;
    }

    /** Whether the file reaches its end. The readers of the platform fill in what is missing and say nothing. */
    boolean isComplete(byte[] file) {
        return this == JPEG ? endsJpeg(file) : endsPng(file);
    }

    private static boolean endsJpeg(byte[] file) {
        // Inside a scan every 0xff is followed by something else, so the last of these two markers decides.
        for (int i = file.length - 2; i >= 0; i--) {
            int marker = marker(file, i);
            if (marker == END_OF_IMAGE || marker == START_OF_SCAN) {
                return marker == END_OF_IMAGE;
            }
        }
        return false;
    }

    private static boolean endsPng(byte[] file) {
        for (int i = file.length - PNG_END.length; i >= PNG_SIGNATURE.length; i--) {
            if (Arrays.equals(file, i, i + PNG_END.length, PNG_END, 0, PNG_END.length)) {
                return true;
            }
        }
        return false;
    }

    /** The JPEG marker at {@code i}, or -1. */
    static int marker(byte[] file, int i) {
        return i + 1 < file.length && (file[i] & 0xff) == 0xff ? file[i + 1] & 0xff : -1;
    }
}
