package io.headwater.intake;

import org.apache.kafka.common.TopicPartition;

/** Tries whether a record can be read and prepared without harm, outside this process. */
@FunctionalInterface
public interface RecordTrial {
    /**
     * Tries the committed record at {@code offset} of {@code partition}.
     *
     * @throws java.io.UncheckedIOException when the trial itself is not possible, which is not the fault of the record
     */
    TrialResult of(TopicPartition partition, long offset);
}
