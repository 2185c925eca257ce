package io.headwater.engine;

import io.headwater.config.BaseModelManifest;
import java.util.List;

/**
 * Where a backbone ends.
 *
 * @param tensors that it computes, at least one
 * @param pooled whether the one tensor becomes a vector as the manifest says, and each of several a vector that is not
 *     normalised, as only their mix is; otherwise all values are kept
 */
record BackboneCut(List<String> tensors, boolean pooled) {
    BackboneCut {
        tensors = List.copyOf(tensors);
    }

    static BackboneCut pooled(String tensor) {
        return new BackboneCut(List.of(tensor), true);
    }

    /** Whether vectors are scaled to length 1. */
    boolean normalises(BaseModelManifest manifest) {
        return manifest.normalise() && pooled && tensors.size() == 1;
    }

    static BackboneCut unpooled(List<String> tensors) {
        return new BackboneCut(tensors, false);
    }
}
