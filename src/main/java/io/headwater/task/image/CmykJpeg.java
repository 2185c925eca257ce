package io.headwater.task.image;

import java.awt.image.Raster;

/**
 * Converts CMYK JPEG files, which the Java platform reads only as raw samples. Adobe's files store inverted CMYK
 * values, and may store the first three as YCC (Adobe Technical Note 5116, "Supporting the DCT Filters").
 */
final class CmykJpeg {
    private static final int APP14 = 0xee;
    private static final int START_OF_SCAN = 0xda;

    private CmykJpeg() {}

    /** Returns the number of components in the frame of {@code file}, or 0 if it has no frame. */
    static int components(byte[] file) {
        int frame = segment(file, false);
        return frame > 0 && frame + 9 < file.length ? file[frame + 9] & 0xff : 0;
    }

    /** Converts raw CMYK samples to RGB. */
    static RgbPlanes planes(Raster inks, byte[] file) {
        int adobe = segment(file, true);
        boolean inverted = adobe > 0;
        boolean ycc = adobe > 0 && adobe + 15 < file.length && file[adobe + 15] == 2;
        int width = inks.getWidth();
        float[][] planes = new float[3][width * inks.getHeight()];
        int[] row = new int[width * 4];
        for (int y = 0; y < inks.getHeight(); y++) {
            inks.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                float[] rgb = ycc ? rgb(row, x * 4) : new float[] {row[x * 4], row[x * 4 + 1], row[x * 4 + 2]};
                float black = inverted ? row[x * 4 + 3] : 255 - row[x * 4 + 3];
                for (int c = 0; c < 3; c++) {
                    // The light that passes the colour ink times the share that passes the black ink.
                    planes[c][y * width + x] = (inverted ? rgb[c] : 255 - rgb[c]) * black / 255;
                }
            }
        }
        return new RgbPlanes(width, inks.getHeight(), planes);
    }

    /** Converts YCC to RGB (ITU-T T.871, section 7). */
    private static float[] rgb(int[] ycc, int at) {
        float y = ycc[at];
        float cb = ycc[at + 1] - 128;
        float cr = ycc[at + 2] - 128;
        return new float[] {clamp(y + 1.402f * cr), clamp(y - 0.344136f * cb - 0.714136f * cr), clamp(y + 1.772f * cb)};
    }

    private static float clamp(float value) {
        return Math.max(0, Math.min(255, value));
    }

    /** Returns the index of Adobe's marker or of the frame's, or 0 if there is none before the first scan. */
    private static int segment(byte[] file, boolean adobe) {
        int at = 2;
        while (at + 3 < file.length) {
            int marker = ImageFormat.marker(file, at);
            if (marker < 0 || marker == START_OF_SCAN) {
                return 0;
            }
            boolean found = adobe
                    ? marker == APP14 && at + 8 < file.length && file[at + 4] == 'A' && file[at + 5] == 'd'
                    : marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (found) {
                return at;
            }
            // A marker may be preceded by any number of 0xff.
            at += marker == 0xff ? 1 : 2 + ((file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff);
        }
        return 0;
    }
}
