package io.headwater.featurizer;

/** Listens to a featurizer. Its methods are called on the featurizer's thread and must not block or throw. */
public interface FeaturizerListener {
    /** A listener that does nothing. */
    FeaturizerListener NONE = new FeaturizerListener() {};

    /** Records were polled. */
    default void fetched(int records) {}

    /** The records of a transaction were sent, and its offsets were not. */
    default void featuresSent() {}

    /** The offsets of a transaction were sent, and it is not committed yet. */
    default void positionsSent() {}

    /**
     * The features of records were committed.
     *
     * @param records how many samples and requests
     * @param payloads how many payloads of them have features
     */
    default void featurized(int records, int payloads) {}

    /** The features of a record are too large for their topic, so that they are computed by those who need them. */
    default void tooLarge() {}

    /** About so many samples and requests of the assigned partitions are not featurized yet. */
    default void behind(long records) {}

    /** The featurizer failed and returned to the committed offsets. */
    default void recovering(Exception cause) {}
}
