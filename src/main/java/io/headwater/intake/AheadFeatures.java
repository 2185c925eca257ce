package io.headwater.intake;

import io.headwater.domain.Digest;
import io.headwater.task.FeatureSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Features that another process computes ahead of a role, for the records which the role prepares. They are only a cache: what is
 * not there is computed by the role. Safe for use by several threads.
 */
public interface AheadFeatures extends AutoCloseable {
    /** No features of other processes. */
    AheadFeatures NONE = new AheadFeatures() {
        @Override
        public void begins(TopicPartition partition) {}

        @Override
        public void ends(TopicPartition partition) {}

        @Override
        public Batch of(List<ConsumerRecord<byte[], byte[]>> records) {
            return Batch.EMPTY;
        }

        @Override
        public void close() {}
    };

    /** The role begins to read a partition, or returns to an earlier record of it. */
    void begins(TopicPartition partition);

    /** The role no longer reads a partition. */
    void ends(TopicPartition partition);

    /** Returns the features of {@code records}, which are being prepared together until the batch is closed. */
    Batch of(List<ConsumerRecord<byte[], byte[]>> records);

    @Override
    void close();

    /** The features of a few records. */
    interface Batch extends FeatureSource, AutoCloseable {
        /** A batch without features. */
        Batch EMPTY = new Batch() {
            @Override
            public Map<Digest, float[]> features(Set<Digest> payloads) {
                return Map.of();
            }

            @Override
            public void close() {}
        };

        /** Says that the records are prepared. */
        @Override
        void close();
    }
}
