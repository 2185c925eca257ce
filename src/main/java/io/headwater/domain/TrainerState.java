package io.headwater.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest checkpoint of a lane and the offset up to which it covers the samples: one event of the
 * {@code trainer-state} topic.
 *
 * @param version the newest version, to which the checkpoint belongs
 * @param fromOffset first offset of the samples topic that belongs to the next version; samples from it up to
 *     {@code nextOffset} were not used for training, because the lane was paused
 * @param nextOffset all samples of the lane before this offset of the samples topic are included in the checkpoint, or
 *     were passed over in a pause
 * @param savedAt time at which the checkpoint was written
 * @param pause the pause of the lane; null while it learns
 * @param restart the new beginning of the lane; null when its next version continues from {@code version}
 * @param commandsOffset all commands for the lane before this offset of the commands topic were carried out or rejected
 */
public record TrainerState(
        VersionRef version,
        long fromOffset,
        long nextOffset,
        Instant savedAt,
        @Nullable Pause pause,
        @Nullable Restart restart,
        long commandsOffset) {

    /**
     * A pause, in which samples are scored but not used for training.
     *
     * @param since time at which the pause began
     * @param reason who paused the lane, and why
     */
    public record Pause(Instant since, String reason) {}

    /**
     * A new beginning, after which the lane no longer continues from its versions.
     *
     * @param origin the version of another lane that the lane starts from; null when it starts untrained
     * @param since time of the new beginning
     */
    public record Restart(@Nullable VersionRef origin, Instant since) {}

    public TrainerState {
        if (fromOffset < 0 || nextOffset < fromOffset) {
            throw new IllegalArgumentException(
                    "offsets of a trainer state must rise from 0, but are " + fromOffset + " to " + nextOffset);
        }
    }

    /** Creates the state of a lane that no command has changed. */
    public TrainerState(VersionRef version, long nextOffset, Instant savedAt) {
        this(version, nextOffset, nextOffset, savedAt, null, null, 0);
    }
}
