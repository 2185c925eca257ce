package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.Outcome;
import io.headwater.domain.Sample;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * The places of a sample on the samples topic.
 *
 * @param found all offsets on the partition of the lane
 * @param learned those that the lane may have learned from and not forgotten
 */
public record SampleSearch(List<Long> found, List<Long> learned) {
    public SampleSearch {
        found = List.copyOf(found);
        learned = List.copyOf(learned);
    }

    /** Searches the whole partition of {@code lane} for samples with the id {@code sampleId}. */
    public static SampleSearch of(Clients clients, Codec codec, LaneLog log, Lane lane, String sampleId) {
        TopicPartition partition =
                clients.topics().partition(Topic.SAMPLES, clients.topics().partitionOf(lane.domain()));
        List<Long> found = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            reader.readAll(partition, record -> {
                if (RecordKeys.text(record.key()).equals(lane.domain())
                        && codec.decode(EventType.SAMPLE, record.value()) instanceof Outcome.Ok<Sample> ok
                        && ok.value().id().equals(sampleId)) {
                    found.add(record.offset());
                }
            });
        }
        TrainerState state = log.states(lane::equals).get(lane);
        LearnedSamples learned = LearnedSamples.of(
                state == null || state.restart() != null ? null : state.version(), log.versions(lane::equals));
        // The trainer knows which of the newest samples it has learned from.
        long published = state == null ? 0 : state.nextOffset();
        return new SampleSearch(
                found,
                found.stream()
                        .filter(offset -> offset >= published || learned.contains(offset))
                        .toList());
    }
}
