package io.headwater.adapt.memory;

/**
 * A sample as a lane keeps it.
 *
 * @param features of the backbone
 * @param code of its target in the lane
 * @param stratum that it belongs to: for classes, the index of its class
 * @param next features of what is seen next, where the target needs them; otherwise empty
 */
public record StoredSample(float[] features, float[] code, int stratum, float[] next) {

    /** A sample whose target needs nothing of what is seen next. */
    public StoredSample(float[] features, float[] code, int stratum) {
        this(features, code, stratum, new float[0]);
    }
}
