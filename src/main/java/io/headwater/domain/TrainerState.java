package io.headwater.domain;

import java.time.Instant;
import java.util.List;
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
 * @param samplesTopic id of the samples topic to which the offsets belong; empty in events of former releases
 * @param lost ranges of offsets from {@code fromOffset} whose samples were deleted before they were read; in order
 * @param begun timestamp of the record with the first sample of the lane; null in events of former releases
 * @param unlabelled number of samples without a label since the newest version
 * @param unlabelledOffset all samples without a label before this offset of the samples topic are counted
 */
public record TrainerState(
        VersionRef version,
        long fromOffset,
        long nextOffset,
        Instant savedAt,
        @Nullable Pause pause,
        @Nullable Restart restart,
        long commandsOffset,
        String samplesTopic,
        List<OffsetRange> lost,
        @Nullable Instant begun,
        long unlabelled,
        long unlabelledOffset) {

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
        lost = List.copyOf(lost);
        if (fromOffset < 0 || nextOffset < fromOffset) {
            throw new IllegalArgumentException(
                    "offsets of a trainer state must rise from 0, but are " + fromOffset + " to " + nextOffset);
        }
    }

    /** Creates the state of a lane that has lost nothing, of a former release. */
    public TrainerState(
            VersionRef version,
            long fromOffset,
            long nextOffset,
            Instant savedAt,
            @Nullable Pause pause,
            @Nullable Restart restart,
            long commandsOffset) {
        this(version, fromOffset, nextOffset, savedAt, pause, restart, commandsOffset, "", List.of(), null, 0, 0);
    }

    /** Creates the state of a lane that no command has changed. */
    public TrainerState(VersionRef version, long nextOffset, Instant savedAt) {
        this(version, nextOffset, nextOffset, savedAt, null, null, 0);
    }

    /** Returns the same state with the id of the topic to which its offsets belong. */
    public TrainerState withSamplesTopic(String topic) {
        return new TrainerState(
                version,
                fromOffset,
                nextOffset,
                savedAt,
                pause,
                restart,
                commandsOffset,
                topic,
                lost,
                begun,
                unlabelled,
                unlabelledOffset);
    }

    /**
     * Returns the state of the same lane when it goes on at {@code offset} of the topic with the id {@code topic}, because what was
     * before has no offset there: a pause and a new beginning continue, and samples that were passed over are on no topic any more.
     */
    public TrainerState onTopic(String topic, long offset) {
        return new TrainerState(
                version,
                offset,
                offset,
                savedAt,
                pause,
                restart,
                commandsOffset,
                topic,
                List.of(),
                begun,
                unlabelled,
                offset);
    }
}
