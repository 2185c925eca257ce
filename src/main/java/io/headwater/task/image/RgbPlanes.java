package io.headwater.task.image;

/**
 * An image as three row-major planes of red, green and blue, with values from 0 to 255.
 *
 * @param width in pixels
 * @param height in pixels
 * @param planes three of width × height values
 */
record RgbPlanes(int width, int height, float[][] planes) {

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
}
