package io.headwater.bench.soak;

/** What the verifier counts. */
enum Count {
    /** Valid samples on the topic. */
    SAMPLES("samples", false),
    /** Valid requests on the topic. */
    REQUESTS("requests", false),
    /** Records on both topics that were made to be refused. */
    BAD_RECORDS("badRecords", false),
    /** Committed versions. */
    VERSIONS("versions", false),
    /** Versions of transactions that were not committed, each computed again later from the same samples in the same steps. */
    ATTEMPTS("attempts", false),
    /** Artifacts that committed events name. */
    ARTIFACTS("artifacts", false),
    /** Versions that were rebuilt from the log. */
    REPLAYS("replays", false),
    /** Samples in no version and no dead letter. */
    SAMPLES_LOST("samplesLost", true),
    /** Samples in several versions. */
    SAMPLES_TWICE("samplesTwice", true),
    /** Versions whose number, parent, offsets or total do not follow from the version before, and states that name another one. */
    LINEAGE_BROKEN("lineageBroken", true),
    /** Requests with neither a prediction nor a dead letter. */
    REQUESTS_LOST("requestsLost", true),
    /** Further predictions and dead letters of requests that have one. */
    REQUESTS_TWICE("requestsTwice", true),
    /** Predictions behind that of a later request of the same partition. */
    OUT_OF_ORDER("outOfOrder", true),
    /** Predictions and serving events that name a version which was never committed. */
    UNKNOWN_VERSION("unknownVersion", true),
    /** Dead letters of records that are not bad. */
    WRONG_DEAD_LETTERS("wrongDeadLetters", true),
    /** Bad records without exactly one dead letter. */
    BAD_NOT_ONCE("badNotOnce", true),
    /** Artifacts that an event names and that are missing or have another digest. */
    ARTIFACTS_MISSING("artifactsMissing", true),
    /** Attempts whose weights differ from those of the committed version with the same samples in the same steps. */
    ATTEMPTS_DIFFER("attemptsDiffer", true),
    /** Versions that were rebuilt with other bytes. */
    REPLAYS_DIFFER("replaysDiffer", true),
    /** Partitions with a transaction that nobody ended. */
    TRANSACTIONS_OPEN("transactionsOpen", true),
    /** Processes that ended by themselves or failed their liveness probe. */
    ENDED("ended", true);

    private final String key;
    private final boolean fault;

    Count(String key, boolean fault) {
        this.key = key;
        this.fault = fault;
    }

    /** Returns its name in the result. */
    String key() {
        return key;
    }

    /** Returns whether it must be zero. */
    boolean isFault() {
        return fault;
    }
}
