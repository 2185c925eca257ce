package io.headwater.trainer;

import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.LaneEvents.LaneEvent;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the committed state of the lanes of a partition, from the same partition of {@code trainer-state} and
 * {@code serving}.
 */
final class PartitionRestorer {
    private final Topics topics;
    private final LaneEvents events;
    private final PartitionReader reader;
    private final LaneFactory lanes;
    private final String adaptation;

    PartitionRestorer(Topics topics, LaneEvents events, PartitionReader reader, LaneFactory lanes, String adaptation) {
        this.topics = topics;
        this.events = events;
        this.reader = reader;
        this.lanes = lanes;
        this.adaptation = adaptation;
    }

    /**
     * Returns the lanes of {@code partition} in their committed state.
     *
     * @throws CodecException when the state of a lane cannot be read, because the lane would go on from an older one, or anew
     */
    List<LaneTrainer> restore(int partition) {
        Map<Lane, TrainerState> states =
                newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, partition, PartitionRestorer::requireState);
        Map<Lane, Serving> serving = newest(Topic.SERVING, EventType.SERVING, partition, (record, older) -> {});
        return states.entrySet().stream()
                .map(entry -> lanes.restore(entry.getKey(), partition, entry.getValue(), serving.get(entry.getKey())))
                .toList();
    }

    /**
     * Returns the newest event of each lane of the adaptation. A foreign record is skipped: as long as an event of Headwater
     * itself is still before it, that is the newest one.
     *
     * @param onUnreadable receives a lane's last record, when it was skipped, and whether an event of the lane is before it
     */
    private <T> Map<Lane, T> newest(
            Topic topic,
            EventType<T> type,
            int partition,
            BiConsumer<ConsumerRecord<byte[], byte[]>, Boolean> onUnreadable) {
        Map<Lane, ConsumerRecord<byte[], byte[]>> unreadable = new TreeMap<>();
        Map<Lane, T> newest = new TreeMap<>();
        reader.readAll(topics.partition(topic, partition), record -> {
            Lane lane = events.lane(record).orElse(null);
            if (lane == null || !lane.adaptation().equals(adaptation)) {
                return;
            }
            LaneEvent<T> event = events.read(type, record).orElse(null);
            if (event == null) {
                unreadable.put(lane, record);
                return;
            }
            unreadable.remove(lane);
            T value = event.event();
            if (value == null) {
                newest.remove(lane);
            } else {
                newest.put(lane, value);
            }
        });
        unreadable.forEach((lane, record) -> onUnreadable.accept(record, newest.containsKey(lane)));
        return newest;
    }

    private static void requireState(ConsumerRecord<byte[], byte[]> record, boolean hasOlder) {
        if (!hasOlder || LaneEvents.hasFrameOfHeadwater(record.value())) {
            throw new CodecException(
                    ("the newest state of lane '%s', at offset %d of partition %d of topic %s, cannot be read: another release or"
                                    + " another program wrote it; run that release, or write the state before it to the topic"
                                    + " again, or a record without a value for a lane that may begin anew")
                            .formatted(
                                    RecordKeys.text(record.key()), record.offset(), record.partition(), record.topic()));
        }
    }
}
