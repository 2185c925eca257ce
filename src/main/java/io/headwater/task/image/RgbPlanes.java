package io.headwater.task.image;

/**
 * An image as three planes of red, green and blue, each row-major, values 0 to 255.
 *
 * @param width in pixels
 * @param height in pixels
 * @param planes three of width × height values
 */
record RgbPlanes(int width, int height, float[][] planes) {

    /**
     * The image at another size: bilinear with half-pixel centres; where it shrinks, the triangle widens so that every
     * source pixel counts (as the Python Imaging Library does). The same bits on every platform.
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
