package io.headwater.domain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a version. Together with the parent's checkpoint and the log it allows the version to be rebuilt bit
 * for bit.
 *
 * @param parent the previous version of this lane, or the version of another lane that this lane started from; null
 *     when the head started untrained
 * @param partition partition of the samples topic
 * @param fromOffset first offset of the samples topic that the version may have been trained on
 * @param toOffset the offset after the last such offset
 * @param steps number of valid samples of the lane in each training step, in order; their sum is the number of training
 *     samples
 * @param baseModel digest of the base model
 * @param configuration digest of the adaptation's configuration, which is itself an artifact
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

    /** Returns the number of samples that the version was trained on since its parent. */
    public int samples() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }
}
