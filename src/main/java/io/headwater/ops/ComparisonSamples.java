package io.headwater.ops;

import io.headwater.domain.Lane;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.ModelVersion;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The newest samples of a lane for a comparison of two of its versions: those that neither was trained on if there are
 * enough, otherwise all.
 *
 * @param a the first version
 * @param b the second version
 * @param first samples that {@code a} was trained on
 * @param second samples that {@code b} was trained on
 * @param records the samples, in the order of the log
 */
public record ComparisonSamples(
        ModelVersion a,
        ModelVersion b,
        LearnedSamples first,
        LearnedSamples second,
        List<ConsumerRecord<byte[], byte[]>> records) {
    /** The least number of samples that neither version was trained on for a comparison on these alone. */
    static final int ENOUGH = 30;

    /** Returns the lane of both versions. */
    Lane lane() {
        return a.ref().lane();
    }

    /**
     * Reads the samples.
     *
     * @param versions all versions of the lane
     * @param count largest number of samples
     */
    public static ComparisonSamples read(
            Clients clients, ModelVersion a, ModelVersion b, List<ModelVersion> versions, int count) {
        LearnedSamples first = LearnedSamples.of(a.ref(), versions);
        LearnedSamples second = LearnedSamples.of(b.ref(), versions);
        List<ConsumerRecord<byte[], byte[]>> newest = newest(clients, a.ref().lane(), count);
        List<ConsumerRecord<byte[], byte[]>> unseen = newest.stream()
                .filter(record -> !first.contains(record.offset()) && !second.contains(record.offset()))
                .toList();
        return new ComparisonSamples(a, b, first, second, unseen.size() >= ENOUGH ? unseen : newest);
    }

    /** Returns the newest records of {@code lane}, reading further back until there are enough. */
    private static List<ConsumerRecord<byte[], byte[]>> newest(Clients clients, Lane lane, int count) {
        TopicPartition partition =
                clients.topics().partition(Topic.SAMPLES, clients.topics().partitionOf(lane.domain()));
        try (PartitionReader reader = new PartitionReader(clients)) {
            long end = reader.endOf(partition);
            for (long window = 2L * count; ; window *= 4) {
                long from = Math.max(0, end - window);
                List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
                reader.read(partition, from, end, record -> {
                    if (RecordKeys.text(record.key()).equals(lane.domain())) {
                        found.add(record);
                    }
                });
                if (found.size() >= count || from == 0) {
                    return List.copyOf(found.subList(Math.max(0, found.size() - count), found.size()));
                }
            }
        }
    }
}
