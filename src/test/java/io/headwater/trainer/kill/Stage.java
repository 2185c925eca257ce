package io.headwater.trainer.kill;

/** Where a trainer's process is killed. */
enum Stage {
    /** Records have come. */
    AFTER_POLL,
    /** The head learns. */
    MID_STEP,
    /** The artifact's bytes are on disk under a temporary name. */
    AFTER_TEMP_WRITE,
    /** The artifact has its name. */
    AFTER_RENAME,
    /** The transaction's records are with the broker. */
    AFTER_SEND,
    /** The offsets are in the transaction. */
    AFTER_OFFSETS,
    /** The broker has committed, and the trainer does not know it. */
    DURING_COMMIT,
    /** The trainer knows it. */
    AFTER_COMMIT;

    /** Transactions that a trainer commits before it is killed, so that it falls in the midst of its work. */
    static final int COMMITS_BEFORE = 3;
}
