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
public record BackboneCut(List<String> tensors, boolean pooled) {
    public BackboneCut {
        tensors = List.copyOf(tensors);
    }

    public static BackboneCut pooled(String tensor) {
        return new BackboneCut(List.of(tensor), true);
    }

    /** Whether vectors are scaled to length 1. */
    public boolean normalises(BaseModelManifest manifest) {
        return manifest.normalise() && pooled && tensors.size() == 1;
    }

    public static BackboneCut unpooled(List<String> tensors) {
        return new BackboneCut(tensors, false);
    }
}
