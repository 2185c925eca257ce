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
    private static final byte[] RIFF = {'R', 'I', 'F', 'F'};
    private static final byte[] WEBP_FORM = {'W', 'E', 'B', 'P'};

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
     * Returns the part of a file that its first image depends on, as a file of the same format; empty if the file does
     * not contain all of it. This is checked because readers silently fill in missing data. For BMP, {@link
     * BmpFile#fault} checks it.
     */
    Optional<byte[]> essential(byte[] file) {
        return switch (this) {
            case JPEG -> JpegFile.of(file).map(jpeg -> Arrays.copyOf(file, jpeg.length()));
            case PNG -> PngFile.essential(file);
            case GIF -> GifFile.essential(file);
            case BMP, WEBP -> Optional.of(file);
            case UNKNOWN -> Optional.empty();
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

    /** Returns the code of the JPEG marker at {@code i}, or -1 if there is none. */
    static int marker(byte[] file, int i) {
        return i + 1 < file.length && (file[i] & 0xff) == 0xff ? file[i + 1] & 0xff : -1;
    }
}
