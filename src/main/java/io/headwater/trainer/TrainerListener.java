package io.headwater.trainer;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection;

/**
 * Is told what a trainer does, on the trainer's thread and in this order within a checkpoint. For metrics, progress and
 * tests; must not block or throw.
 */
public interface TrainerListener {
    /** A listener that does nothing. */
    TrainerListener NONE = new TrainerListener() {};

    /** Records came. */
    default void polled(int records) {}

    /** A record will be a dead letter. */
    default void rejected(Rejection rejection) {}

    /** A step begins. */
    default void stepping(Lane lane) {}

    /** A step is done. */
    default void stepped(Lane lane, StepReport report) {}

    /** The transaction's records are with the broker. */
    default void sent() {}

    /** The offsets are in the transaction. */
    default void offsetsSent() {}

    /** The transaction is about to be committed. */
    default void committing() {}

    /** The transaction is committed. */
    default void committed(PartitionCheckpoint checkpoint) {}

    /** Something failed; everything is rebuilt from what is committed. */
    default void recovering(Exception cause) {}
}
