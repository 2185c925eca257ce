package io.headwater.task.image;

import java.util.Arrays;
import java.util.Optional;

/** The image file formats, recognised by their first bytes. */
enum ImageFormat {
    JPEG,
    PNG,
    GIF,
    BMP,
    WEBP,
    UNKNOWN;

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] PNG_END = {'I', 'E', 'N', 'D'};
    private static final byte[] RIFF = {'R', 'I', 'F', 'F'};
    private static final byte[] WEBP_FORM = {'W', 'E', 'B', 'P'};
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;

    static ImageFormat of(byte[] file) {
        if (file.length > 3 && marker(file, 0) == 0xd8 && (file[2] & 0xff) == 0xff) {
            return JPEG;
        }
        if (GifFile.isOne(file)) {
            return GIF;
        }
        if (BmpFile.isOne(file)) {
            return BMP;
        }
        return isWebp(file) ? WEBP : isPng(file) ? PNG : UNKNOWN;
    }

    private static boolean isWebp(byte[] file) {
        return file.length >= 12
                && Arrays.equals(file, 0, 4, RIFF, 0, 4)
                && Arrays.equals(file, 8, 12, WEBP_FORM, 0, 4);
    }

    private static boolean isPng(byte[] file) {
        for (int i = 0; i < PNG_SIGNATURE.length; i++) {
            if (i >= file.length || file[i] != PNG_SIGNATURE[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether the file contains the end of its image. This is checked because readers silently fill in missing
     * data. For BMP, {@link BmpFile#fault} checks it.
     */
    boolean isComplete(byte[] file) {
        return switch (this) {
            case JPEG -> endsJpeg(file);
            case PNG -> endsPng(file);
            case GIF -> GifFile.isComplete(file);
            case BMP, WEBP -> true;
            case UNKNOWN -> false;
        };
    }

    /** Returns why a file of this format cannot be read; empty if it can. */
    Optional<String> fault(byte[] file) {
        return switch (this) {
            case BMP -> BmpFile.fault(file);
            // The maintained WebP reader for Java allocates gigabytes for some files of a few kilobytes.
            case WEBP -> Optional.of("is a WebP, which is not read; convert it to one of these");
            default -> Optional.empty();
        };
    }

    private static boolean endsJpeg(byte[] file) {
        // In scan data 0xff is never followed by either marker byte, so the last occurrence of one of the two markers
        // decides.
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

    /** Returns the code of the JPEG marker at {@code i}, or -1 if there is none. */
    static int marker(byte[] file, int i) {
        return i + 1 < file.length && (file[i] & 0xff) == 0xff ? file[i + 1] & 0xff : -1;
    }
}
