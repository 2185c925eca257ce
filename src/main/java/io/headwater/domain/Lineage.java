package io.headwater.domain;

import java.util.List;
import java.util.stream.LongStream;
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
 * @param skipped ranges of offsets whose samples were not used for training, because the lane was paused; in order
 * @param forgotten samples that were forgotten since the parent, in this order
 * @param merged the version of another lane whose statistics were added to those of the parent before the first step; null
 *     when there was none
 * @param samplesTopic id of the samples topic; empty in events of former releases
 * @param lost ranges of offsets whose samples were deleted before they were read; in order
 * @param relabelled what a person changed about a class before the first step; null when nothing
 * @param corrected offsets of samples that the lane does not contain any more since the parent, because later ones have
 *     corrected their labels; in the order of these
 * @param unlabelled number of samples of the lane without a label since the parent, not those that were passed over
 */
public record Lineage(
        @Nullable VersionRef parent,
        int partition,
        long fromOffset,
        long toOffset,
        List<Integer> steps,
        Digest baseModel,
        Digest configuration,
        List<OffsetRange> skipped,
        List<ForgottenSample> forgotten,
        @Nullable MergedVersion merged,
        String samplesTopic,
        List<OffsetRange> lost,
        @Nullable LabelEdit relabelled,
        List<Long> corrected,
        long unlabelled) {

    public Lineage {
        lost = List.copyOf(lost);
        steps = List.copyOf(steps);
        skipped = List.copyOf(skipped);
        forgotten = List.copyOf(forgotten);
        corrected = List.copyOf(corrected);
        if (fromOffset < 0 || toOffset < fromOffset) {
            throw new IllegalArgumentException(
                    "lineage offsets must rise from 0, but are " + fromOffset + " to " + toOffset);
        }
    }

    /** Creates the lineage of a version of a former release, whose lane has lost nothing. */
    public Lineage(
            @Nullable VersionRef parent,
            int partition,
            long fromOffset,
            long toOffset,
            List<Integer> steps,
            Digest baseModel,
            Digest configuration,
            List<OffsetRange> skipped,
            List<ForgottenSample> forgotten,
            @Nullable MergedVersion merged) {
        this(
                parent,
                partition,
                fromOffset,
                toOffset,
                steps,
                baseModel,
                configuration,
                skipped,
                forgotten,
                merged,
                "",
                List.of(),
                null,
                List.of(),
                0);
    }

    /** Creates the lineage of a version whose lane was not paused, and has neither forgotten nor merged anything. */
    public Lineage(
            @Nullable VersionRef parent,
            int partition,
            long fromOffset,
            long toOffset,
            List<Integer> steps,
            Digest baseModel,
            Digest configuration) {
        this(parent, partition, fromOffset, toOffset, steps, baseModel, configuration, List.of(), List.of(), null);
    }

    /** Returns whether {@code offset} is one of those that the version may have been trained on. */
    public boolean covers(long offset) {
        return offset >= fromOffset && offset < toOffset;
    }

    /** Returns whether the samples at {@code offset} were passed over because the lane was paused. */
    public boolean skips(long offset) {
        return skipped.stream().anyMatch(range -> range.contains(offset));
    }

    /** Returns whether the sample at {@code offset} was forgotten or corrected since the parent. */
    public boolean forgets(long offset) {
        return forgottenOffsets().anyMatch(forgotten -> forgotten == offset);
    }

    /** Returns the offsets of the samples that the lane does not contain any more since the parent. */
    public LongStream forgottenOffsets() {
        LongStream samples = LongStream.concat(
                forgotten.stream().mapToLong(ForgottenSample::offset),
                corrected.stream().mapToLong(Long::longValue));
        return relabelled == null
                ? samples
                : LongStream.concat(samples, relabelled.offsets().stream().mapToLong(Long::longValue));
    }

    /** Returns the number of samples that the version was trained on since its parent. */
    public int samples() {
        return steps.stream().mapToInt(Integer::intValue).sum();
    }
}
