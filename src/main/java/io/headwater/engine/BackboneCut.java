package io.headwater.engine;

import io.headwater.config.BaseModelManifest;
import java.util.List;

/**
 * The tensors at which a backbone ends.
 *
 * @param tensors the names of the tensors that it computes, at least one
 * @param pooled whether the tensors are pooled to vectors; a single one as the manifest says, several without
 *     normalisation, because only their mix may be normalised. If false, all values are kept
 */
public record BackboneCut(List<String> tensors, boolean pooled) {
    public BackboneCut {
        tensors = List.copyOf(tensors);
    }

    public static BackboneCut pooled(String tensor) {
        return new BackboneCut(List.of(tensor), true);
    }

    /** Whether feature vectors are scaled to length 1. */
    public boolean normalises(BaseModelManifest manifest) {
        return manifest.normalise() && pooled && tensors.size() == 1;
    }

    public static BackboneCut unpooled(List<String> tensors) {
        return new BackboneCut(tensors, false);
    }
}
