package io.headwater.trainer.kill;

/** The stage at which a trainer's process is killed. */
enum Stage {
    /** Records have been polled. */
    AFTER_POLL,
    /** A training step is running. */
    MID_STEP,
    /** The artifact has been written to a file with a temporary name. */
    AFTER_TEMP_WRITE,
    /** The artifact has been renamed to its final name. */
    AFTER_RENAME,
    /** The transaction's records have been sent to the broker. */
    AFTER_SEND,
    /** The offsets have been added to the transaction. */
    AFTER_OFFSETS,
    /** The broker has committed, but the trainer has not received the response. */
    DURING_COMMIT,
    /** The trainer has received the response to the commit. */
    AFTER_COMMIT;

    /**
     * Number of transactions that a trainer commits before it is killed, so that it is killed in the middle of its
     * work.
     */
    static final int COMMITS_BEFORE = 2;
}
