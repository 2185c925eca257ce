package io.headwater.adapt;

/**
 * A sample kept for later.
 *
 * @param features of the backbone
 * @param code of its target in the lane
 * @param stratum that it belongs to: for classes, the index of its class
 */
record Remembered(float[] features, float[] code, int stratum) {}
