package io.headwater.engine;

import java.util.List;

/**
 * Where a backbone ends.
 *
 * @param tensors that it computes, at least one
 * @param pooled whether the one tensor becomes a vector as the manifest says; otherwise all values are kept
 */
record BackboneCut(List<String> tensors, boolean pooled) {
    BackboneCut {
        tensors = List.copyOf(tensors);
    }

    static BackboneCut pooled(String tensor) {
        return new BackboneCut(List.of(tensor), true);
    }

    static BackboneCut unpooled(List<String> tensors) {
        return new BackboneCut(tensors, false);
    }
}
