package io.headwater.adapt.memory;

import java.util.Arrays;

/**
 * A sample in the form in which a lane stores it.
 *
 * @param features features that the backbone computed
 * @param code code of its target in the lane
 * @param stratum stratum that it belongs to; for classification, the index of its class
 * @param number number of the sample in its lane, from 1; 0 when it is not known
 * @param next features of the next observation when the target depends on it; otherwise empty
 */
public record StoredSample(float[] features, float[] code, int stratum, long number, float[] next) {

    /** Returns the same sample in another lane, where it has no number. */
    public StoredSample ofOtherLane() {
        return new StoredSample(features, code, stratum, 0, next);
    }

    /** Returns whether another sample has the same features and the same target, whatever its number. */
    public boolean hasContentOf(StoredSample other) {
        return stratum == other.stratum
                && Arrays.equals(features, other.features)
                && Arrays.equals(code, other.code)
                && Arrays.equals(next, other.next);
    }

    /** Creates a sample whose target does not depend on a next observation. */
    public StoredSample(float[] features, float[] code, int stratum) {
        this(features, code, stratum, 0, new float[0]);
    }
}
