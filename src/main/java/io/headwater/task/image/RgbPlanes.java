package io.headwater.task.image;

/**
 * An image as three row-major planes of red, green and blue, with values from 0 to 255.
 *
 * @param width in pixels
 * @param height in pixels
 * @param planes three of width × height values
 */
record RgbPlanes(int width, int height, float[][] planes) {
    private static final float RED = 0.299f;
    private static final float GREEN = 0.587f;
    private static final float BLUE = 0.114f;

    /** Returns the luminance of each pixel, 0 to 255, as ITU-R BT.601 weighs the colours. */
    float[] luminance() {
        float[] grey = new float[width * height];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = RED * planes[0][i] + GREEN * planes[1][i] + BLUE * planes[2][i];
        }
        return grey;
    }

    /**
     * Resizes the image by bilinear interpolation with half-pixel centres; when shrinking, the triangle filter is
     * widened so that every source pixel contributes, as in the Python Imaging Library. The result is bit-identical on
     * every platform.
     */
    RgbPlanes resized(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        ResizeWeights across = ResizeWeights.of(width, newWidth);
        ResizeWeights down = ResizeWeights.of(height, newHeight);
        float[][] resized = new float[3][];
        for (int c = 0; c < 3; c++) {
            float[] narrow = across.rows(planes[c], height);
            resized[c] = down.columns(narrow, newWidth);
        }
        return new RgbPlanes(newWidth, newHeight, resized);
    }

    /**
     * Returns the image turned and mirrored as a camera asks for.
     *
     * @param orientation 1 to 8 (Exif 2.32, tag 0x0112); 1 leaves it as it is
     */
    RgbPlanes oriented(int orientation) {
        if (orientation == 1) {
            return this;
        }
        boolean isOnItsSide = orientation >= 5;
        int newWidth = isOnItsSide ? height : width;
        int newHeight = isOnItsSide ? width : height;
        float[][] turned = new float[3][width * height];
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                int across = isOnItsSide ? y : x;
                int down = isOnItsSide ? x : y;
                boolean isRightToLeft = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
                boolean isBottomUp = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
                int from =
                        (isBottomUp ? height - 1 - down : down) * width + (isRightToLeft ? width - 1 - across : across);
                for (int c = 0; c < 3; c++) {
                    turned[c][y * newWidth + x] = planes[c][from];
                }
            }
        }
        return new RgbPlanes(newWidth, newHeight, turned);
    }
}
