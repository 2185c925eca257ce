package io.headwater.task.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Converts decoded images to colour planes. Samples are used without colour conversion: grey is copied to all three
 * planes, 16-bit samples are scaled to 8 bits, and transparent pixels are blended with white.
 */
final class Rasters {
    private static final float WHITE = 255;

    private Rasters() {}

    static RgbPlanes planes(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[][] planes = new float[3][width * height];
        int[] row = new int[0];
        for (int y = 0; y < height; y++) {
            if (image.getColorModel() instanceof IndexColorModel) {
                row = image.getRGB(0, y, width, 1, row.length == 0 ? new int[width] : row, 0, width);
                for (int x = 0; x < width; x++) {
                    int p = row[x];
                    put(planes, y * width + x, p >> 16 & 0xff, p >> 8 & 0xff, p & 0xff, (p >>> 24) / WHITE);
                }
            } else {
                Raster raster = image.getRaster();
                row = raster.getPixels(0, y, width, 1, row.length == 0 ? new int[width * raster.getNumBands()] : row);
                samples(planes, y * width, row, raster);
            }
        }
        return new RgbPlanes(width, height, planes);
    }

    private static void samples(float[][] planes, int offset, int[] row, Raster raster) {
        int bands = raster.getNumBands();
        float[] scales = new float[bands];
        for (int band = 0; band < bands; band++) {
            int largest = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
            // Bands with a sample size of 0 bits become black.
            scales[band] = largest == 0 ? 0 : WHITE / largest;
        }
        boolean grey = bands < 3;
        for (int x = 0; x < raster.getWidth(); x++) {
            int at = x * bands;
            float red = row[at] * scales[0];
            float green = grey ? red : row[at + 1] * scales[1];
            float blue = grey ? red : row[at + 2] * scales[2];
            float alpha = bands % 2 == 0 ? row[at + bands - 1] * scales[bands - 1] / WHITE : 1;
            put(planes, offset + x, red, green, blue, alpha);
        }
    }

    private static void put(float[][] planes, int at, float red, float green, float blue, float alpha) {
        float behind = (1 - alpha) * WHITE;
        planes[0][at] = red * alpha + behind;
        planes[1][at] = green * alpha + behind;
        planes[2][at] = blue * alpha + behind;
    }
}
