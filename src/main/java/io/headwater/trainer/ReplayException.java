package io.headwater.trainer;

import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;

/**
 * Thrown when a version cannot be rebuilt because the samples in the log are not exactly those that it was trained on.
 */
public final class ReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean gone;

    private ReplayException(ModelVersion version, boolean gone, String found) {
        super("version %s learned %d samples between offsets %d and %d of partition %d, but %s"
                .formatted(
                        version.ref(),
                        version.lineage().samples(),
                        version.lineage().fromOffset(),
                        version.lineage().toOffset(),
                        version.lineage().partition(),
                        found));
        this.gone = gone;
    }

    /** Returns whether the log no longer contains samples that it contained once, so that the version may well be right. */
    public boolean samplesAreGone() {
        return gone;
    }

    static ReplayException tooFew(ModelVersion version, int found) {
        return new ReplayException(
                version,
                true,
                "the log holds only %d of them; raise the retention of the samples topic to replay versions for longer"
                        .formatted(found));
    }

    static ReplayException ofAnotherTopic(ModelVersion version, String topic) {
        return new ReplayException(
                version,
                true,
                "the samples topic had the id %s then, and has the id %s: it was deleted and created anew"
                        .formatted(version.lineage().samplesTopic(), topic));
    }

    static ReplayException withoutForgotten(ModelVersion version, long offset) {
        return new ReplayException(
                version,
                true,
                "the log no longer holds the sample at offset %d, which the version forgot; versions after it can be replayed"
                        .formatted(offset));
    }

    static ReplayException withoutLabel(ModelVersion version, String label, String why) {
        return new ReplayException(
                version, false, "class '%s', which was changed before, cannot be changed: %s".formatted(label, why));
    }

    static ReplayException withoutMerged(ModelVersion version, MergedVersion merged, String why) {
        return new ReplayException(
                version,
                true,
                "version %s, which was merged before, cannot be merged: %s".formatted(merged.version(), why));
    }

    static ReplayException tooMany(ModelVersion version) {
        return new ReplayException(
                version,
                false,
                "the log holds more that could be learned; it is not the log that the version was learned from");
    }
}
