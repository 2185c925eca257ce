package io.headwater.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a version came from: with it, the parent's checkpoint and the log, the version can be rebuilt bit for bit.
 *
 * @param parent the version before it in this lane, or the one that this lane started from in another lane; null when
 *     the head started untrained
 * @param partition of the samples topic
 * @param fromOffset first offset of the samples topic that it may have learned from
 * @param toOffset the offset after the last one
 * @param steps how many of the lane's valid samples each step took, in order; their sum is what was learned
 * @param baseModel digest of the base model
 * @param configuration digest of the adaptation's configuration, itself an artifact
 */
public record Lineage(
        @Nullable VersionRef parent,
        int partition,
        long fromOffset,
        long toOffset,
        List<Integer> steps,
        Digest baseModel,
        Digest configuration) {

    public Lineage {
        steps = List.copyOf(steps);
        if (fromOffset < 0 || toOffset < fromOffset) {
            throw new IllegalArgumentException(
                    "lineage offsets must rise from 0, but are " + fromOffset + " to " + toOffset);
        }
    }

    /** How many samples it learned since its parent. */
    public int samples() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }
}
