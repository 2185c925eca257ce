package io.headwater.trainer;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed state of the lanes of a partition, from the same partition of {@code trainer-state} and
 * {@code serving}.
 */
final class PartitionRestorer {
    private final Topics topics;
    private final Codec codec;
    private final PartitionReader reader;
    private final LaneFactory lanes;
    private final String adaptation;

    PartitionRestorer(Topics topics, Codec codec, PartitionReader reader, LaneFactory lanes, String adaptation) {
        this.topics = topics;
        this.codec = codec;
        this.reader = reader;
        this.lanes = lanes;
        this.adaptation = adaptation;
    }

    /** Returns the lanes of {@code partition} in their committed state. */
    List<LaneTrainer> restore(int partition) {
        Map<Lane, TrainerState> states = newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, partition);
        Map<Lane, Serving> serving = newest(Topic.SERVING, EventType.SERVING, partition);
        return states.entrySet().stream()
                .map(entry -> lanes.restore(entry.getKey(), partition, entry.getValue(), serving.get(entry.getKey())))
                .toList();
    }

    private <T> Map<Lane, T> newest(Topic topic, EventType<T> type, int partition) {
        Map<String, byte[]> newest = new HashMap<>();
        reader.readAll(topics.partition(topic, partition), record -> {
            byte @Nullable [] value = record.value();
            if (value == null) {
                newest.remove(RecordKeys.text(record.key()));
            } else {
                newest.put(RecordKeys.text(record.key()), value);
            }
        });
        Map<Lane, T> decoded = new TreeMap<>();
        newest.forEach((key, value) -> {
            Lane lane = Lane.parse(key);
            if (lane.adaptation().equals(adaptation)) {
                decoded.put(lane, codec.decodeOrThrow(type, value));
            }
        });
        return decoded;
    }
}
