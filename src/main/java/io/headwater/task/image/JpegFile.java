package io.headwater.task.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The markers of a JPEG file (ITU-T T.81, annex B), read without decoding.
 *
 * @param length bytes up to the end of the image; another image or a video may follow in the same file
 * @param scans number of passes over the image; each can be a few bytes long and costs as much time as the image has pixels
 * @param orientation how the image is to be turned, 1 to 8 (Exif 2.32, tag 0x0112); 1 where the file does not say
 */
record JpegFile(int length, int scans, int orientation) {
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int APP1 = 0xe1;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MARKER = 2;
    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12;

    /** Reads the markers of {@code file}; empty when the file ends before its image. */
    static Optional<JpegFile> of(byte[] file) {
        int scans = 0;
        int orientation = 0;
        int at = MARKER;
        while (at + 1 < file.length) {
            int marker = ImageFormat.marker(file, at);
            if (marker == END_OF_IMAGE) {
                return Optional.of(new JpegFile(at + MARKER, scans, Math.max(1, orientation)));
            }
            if (!isSegment(marker)) {
                // The data of a scan, which holds no segment.
                at++;
                continue;
            }
            if (marker == START_OF_SCAN) {
                scans++;
            }
            if (at + 3 >= file.length) {
                return Optional.empty();
            }
            int size = unsigned(file, at + MARKER);
            if (marker == APP1 && orientation == 0) {
                orientation = orientation(file, at + 2 * MARKER, Math.min(file.length, at + MARKER + size));
            }
            at += MARKER + size;
        }
        return Optional.empty();
    }

    /**
     * Returns whether a marker begins a segment with a length: neither a stuffed byte, nor a filler, nor a restart. The
     * reserved ones do not, because within a scan the decoder goes on behind them, where another scan may begin.
     */
    private static boolean isSegment(int marker) {
        return marker >= 0xc0 && marker < 0xff && (marker < 0xd0 || marker > 0xd8);
    }

    /** Returns the orientation in the Exif data from {@code from} to before {@code to}, 0 where there is none. */
    private static int orientation(byte[] file, int from, int to) {
        int tiff = from + EXIF.length;
        if (tiff + 8 > to || !Arrays.equals(file, from, tiff, EXIF, 0, EXIF.length)) {
            return 0;
        }
        ByteBuffer exif = ByteBuffer.wrap(file, tiff, to - tiff).slice();
        exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long entries = Integer.toUnsignedLong(exif.getInt(4));
        if (entries + 2 > exif.limit()) {
            return 0;
        }
        int count = Short.toUnsignedInt(exif.getShort((int) entries));
        for (int i = 0; i < count; i++) {
            long entry = entries + 2 + (long) ENTRY * i;
            if (entry + ENTRY > exif.limit()) {
                return 0;
            }
            int at = (int) entry;
            if (Short.toUnsignedInt(exif.getShort(at)) == ORIENTATION && exif.getShort(at + 2) == SHORT) {
                int value = Short.toUnsignedInt(exif.getShort(at + 8));
                return value >= 1 && value <= 8 ? value : 0;
            }
        }
        return 0;
    }

    private static int unsigned(byte[] file, int at) {
        return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
    }
}
