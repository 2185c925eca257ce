package io.headwater.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that a person gives to a lane: one event of the {@code commands} topic.
 *
 * @param lane the lane that the command is for
 * @param action the requested action
 * @param version the version to promote, to pin or to roll back to, null for the newest version (promote), the champion
 *     (pin) or the previous champion (rollback); or the version of another lane to merge
 * @param by the person who gives the command, for the record, at most {@link Limits#BY} characters
 * @param reason the reason, for the record, at most {@link Limits#REASON} characters
 * @param at time of the command
 * @param sampleId id of the sample to forget; empty for other actions
 * @param offsets offsets of this sample, or of samples of the class to remove, on the lane's partition of the samples topic; empty
 *     for other actions
 * @param label the class to merge, to remove or to restore, at most {@link Limits#NAME} characters; empty for other actions
 * @param into the class that it becomes; empty for other actions than {@code MERGE_LABEL}
 */
public record Command(
        Lane lane,
        Action action,
        @Nullable VersionRef version,
        String by,
        String reason,
        Instant at,
        String sampleId,
        List<Long> offsets,
        String label,
        String into) {

    /** The actions that can be requested. */
    public enum Action {
        /** Let a version serve, and let the gate decide about later versions again. */
        PROMOTE,
        /** Let an older version serve, and keep it until a person promotes a version. */
        ROLLBACK,
        /** Score samples, but do not train on them. */
        PAUSE,
        /** Train on samples again. */
        RESUME,
        /** Let the lane begin anew; the champion serves until a new version replaces it. */
        RETRAIN,
        /** Let a version serve until it is unpinned. */
        PIN,
        /** Let the gate decide about later versions again. */
        UNPIN,
        /** Remove a sample from what the lane has learned. */
        FORGET,
        /** Add the statistics of a version of another lane. */
        MERGE,
        /** Make one class of two, for samples that were learned and for later ones. */
        MERGE_LABEL,
        /** Remove a class, and refuse later samples of it. */
        REMOVE_LABEL,
        /** Let later samples of a class that was merged or removed be of this class again. */
        RESTORE_LABEL
    }

    public Command {
        Limits.atMost("'by' of a command", by, Limits.BY);
        Limits.atMost("the reason of a command", reason, Limits.REASON);
        Limits.atMost("the sample id of a command", sampleId, Limits.ID);
        Limits.atMost("the label of a command", label, Limits.NAME);
        Limits.atMost("the second label of a command", into, Limits.NAME);
        if (offsets.size() > Limits.OFFSETS) {
            throw new IllegalArgumentException("a command must name at most %d offsets, but names %d; send several"
                    .formatted(Limits.OFFSETS, offsets.size()));
        }
        offsets = List.copyOf(offsets);
    }

    /** Creates a command that does not name a class. */
    public Command(
            Lane lane,
            Action action,
            @Nullable VersionRef version,
            String by,
            String reason,
            Instant at,
            String sampleId,
            List<Long> offsets) {
        this(lane, action, version, by, reason, at, sampleId, offsets, "", "");
    }

    /** Creates a command that names neither a sample nor a class. */
    public Command(Lane lane, Action action, @Nullable VersionRef version, String by, String reason, Instant at) {
        this(lane, action, version, by, reason, at, "", List.of());
    }
}
