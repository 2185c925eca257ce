package io.headwater.adapt;

/**
 * A sample kept for later.
 *
 * @param features of the backbone
 * @param code of its target in the lane
 * @param stratum that it belongs to: for classes, the index of its class
 * @param next features of what is seen next, where the target needs them; else empty
 */
record StoredSample(float[] features, float[] code, int stratum, float[] next) {

    /** A sample whose target needs nothing of what is seen next. */
    StoredSample(float[] features, float[] code, int stratum) {
        this(features, code, stratum, new float[0]);
    }
}
