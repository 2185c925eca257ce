package io.headwater.trainer;

import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Rejection;
import io.headwater.domain.Serving;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receives notifications about the work of a trainer, on the trainer's thread and, within a checkpoint, in the order of
 * these methods. For metrics, progress and tests; must not block or throw.
 */
public interface TrainerListener {
    /** A listener that does nothing. */
    TrainerListener NONE = new TrainerListener() {};

    /** Records were received. */
    default void polled(int records) {}

    /** A record will be a dead letter. */
    default void rejected(Rejection rejection) {}

    /** A sample of {@code lane}, which may not have begun, has no label. */
    default void unlabelled(Lane lane) {}

    /** A training step begins. */
    default void stepping(Lane lane) {}

    /** A training step is complete. */
    default void stepped(Lane lane, StepReport report) {}

    /** How long a training step took, of which several lanes may have taken one at the same time. */
    default void stepTook(Lane lane, Duration time) {}

    /** Samples of a paused lane were scored. */
    default void skipped(Lane lane, List<SampleScores> scores) {}

    /** The broker has received the records of the transaction. */
    default void sent() {}

    /** The offsets were added to the transaction. */
    default void offsetsSent() {}

    /** The transaction is about to be committed. */
    default void committing() {}

    /** The transaction is committed. */
    default void committed(PartitionCheckpoint checkpoint) {}

    /** Samples of {@code partition} at these offsets were deleted before they were read. */
    default void lost(int partition, OffsetRange range) {}

    /** A tombstone on the serving topic took the version that served {@code lane} out of service. */
    default void withdrawn(Lane lane) {}

    /** A lane goes on in this trainer from its committed state; {@code serving} is null while no version serves it. */
    default void restored(Lane lane, @Nullable Serving serving) {}

    /** A lane is not in this trainer any more: its partition was taken away, or it will be restored, or the trainer ends. */
    default void released(Lane lane) {}

    /** The trainer is that far behind the samples of a partition. */
    default void behind(Backlog backlog) {}

    /** A partition of the samples is no longer assigned to the trainer of {@code adaptation}. */
    default void unassigned(String adaptation, int partition) {}

    /** A record of {@code topic} that Headwater did not write was skipped. */
    default void foreign(String topic) {}

    /** A failure occurred; the trainer restores everything from the committed state. */
    default void recovering(Exception cause) {}
}
