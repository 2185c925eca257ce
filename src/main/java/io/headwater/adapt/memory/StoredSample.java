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
 * @param logits what the head computed for it when it had been learned, with the outputs of that time; empty when that is
 *     not remembered
 */
public record StoredSample(float[] features, float[] code, int stratum, long number, float[] next, float[] logits) {
    private static final float[] NONE = {};

    /** Creates a sample whose logits are not remembered. */
    public StoredSample(float[] features, float[] code, int stratum, long number, float[] next) {
        this(features, code, stratum, number, next, NONE);
    }

    /** Returns the same sample in another lane, where it has no number. */
    public StoredSample ofOtherLane() {
        return new StoredSample(features, code, stratum, 0, next, logits);
    }

    /** Returns the same sample with what the head computed for it. */
    public StoredSample withLogits(float[] learned) {
        return new StoredSample(features, code, stratum, number, next, learned);
    }

    /** Returns whether another sample has the same features and the same target, whatever its number and its logits. */
    public boolean hasContentOf(StoredSample other) {
        return stratum == other.stratum
                && Arrays.equals(features, other.features)
                && Arrays.equals(code, other.code)
                && Arrays.equals(next, other.next);
    }

    /** Creates a sample whose target does not depend on a next observation. */
    public StoredSample(float[] features, float[] code, int stratum) {
        this(features, code, stratum, 0, NONE);
    }
}
