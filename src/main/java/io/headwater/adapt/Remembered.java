package io.headwater.adapt;

/**
 * A sample kept for later.
 *
 * @param features of the backbone
 * @param label index of its class in the lane
 */
record Remembered(float[] features, int label) {}
