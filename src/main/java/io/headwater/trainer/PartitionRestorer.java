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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

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
    private final AwakeLanes awake;
    private final boolean goesOnAfterReset;

    /**
     * Creates a restorer of the lanes of {@code adaptation}.
     *
     * @param awake receives the lanes, of which it lets those sleep that take too much memory
     * @param goesOnAfterReset whether lanes go on when the samples topic was created anew, or when its offsets went back
     */
    PartitionRestorer(
            Topics topics,
            LaneEvents events,
            PartitionReader reader,
            LaneFactory lanes,
            String adaptation,
            AwakeLanes awake,
            boolean goesOnAfterReset) {
        this.goesOnAfterReset = goesOnAfterReset;
        this.topics = topics;
        this.events = events;
        this.reader = reader;
        this.lanes = lanes;
        this.adaptation = adaptation;
        this.awake = awake;
    }

    /**
     * Returns the lanes of {@code partition} in their committed state.
     *
     * @param committed the committed offset of the samples; -1 when there is none
     * @throws CodecException when the state of a lane cannot be read, because the lane would go on from an older one, or anew
     * @throws ResetException when the samples topic is no longer the one that the lanes have learned from, and they shall not go on
     */
    RestoredPartition restore(int partition, long committed) {
        TopicPartition samples = topics.partition(Topic.SAMPLES, partition);
        String topic = reader.topicId(samples.topic());
        Map<Lane, TrainerState> states =
                newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, partition, PartitionRestorer::requireState);
        String reset = reset(samples, topic, states);
        if (reset == null) {
            long learned = states.values().stream()
                    .mapToLong(TrainerState::nextOffset)
                    .max()
                    .orElse(-1);
            states.replaceAll((lane, state) -> state.withSamplesTopic(topic));
            return new RestoredPartition(lanes(partition, states), topic, Math.max(committed, learned), null);
        }
        if (!goesOnAfterReset) {
            throw new ResetException(reset
                    + "; they wait, because it is not known which of its samples they have learned: set"
                    + " headwater.topics.after-reset to continue to let them learn everything that is on the topic"
                    + " now, with a record in their lineage, or give the adaptation a new name");
        }
        // Of a topic that was created anew everything is unread; of one that ends earlier than before nothing is.
        boolean isNew = states.values().stream().anyMatch(state -> isOfAnother(state, topic));
        long offset = isNew ? reader.beginningOf(samples) : reader.endOf(samples);
        states.replaceAll((lane, state) -> state.onTopic(topic, offset));
        return new RestoredPartition(lanes(partition, states), topic, offset, reset);
    }

    /** Returns the id of {@code topic}, when the brokers have answered. */
    KafkaFuture<String> topicId(String topic) {
        return reader.futureTopicId(topic);
    }

    /** Returns the offset after the newest committed sample of each partition, when the brokers have answered. */
    KafkaFuture<Map<TopicPartition, Long>> endsOf(Collection<TopicPartition> partitions) {
        return reader.futureEnds(partitions);
    }

    /** Returns the offset of the oldest sample of {@code partition} that was not deleted. */
    long beginningOf(int partition) {
        return reader.beginningOf(topics.partition(Topic.SAMPLES, partition));
    }

    /** Returns why the offsets of the lanes are not those of {@code topic}; null when they are, as far as can be known. */
    private @Nullable String reset(TopicPartition samples, String topic, Map<Lane, TrainerState> states) {
        long end = reader.endOf(samples);
        for (Map.Entry<Lane, TrainerState> entry : states.entrySet()) {
            TrainerState state = entry.getValue();
            if (isOfAnother(state, topic)) {
                return "topic %s was deleted and created anew (its id was %s and is %s) since lane '%s' and others of partition %d have learned from it"
                        .formatted(samples.topic(), state.samplesTopic(), topic, entry.getKey(), samples.partition());
            }
            if (state.nextOffset() > end) {
                return "partition %d of topic %s ends at offset %d, but lane '%s' and perhaps others have learned from it up to offset %d"
                        .formatted(samples.partition(), samples.topic(), end, entry.getKey(), state.nextOffset());
            }
        }
        return null;
    }

    private static boolean isOfAnother(TrainerState state, String topic) {
        return !state.samplesTopic().isEmpty() && !state.samplesTopic().equals(topic);
    }

    private List<LaneTrainer> lanes(int partition, Map<Lane, TrainerState> states) {
        Map<Lane, Serving> serving = newest(Topic.SERVING, EventType.SERVING, partition, (record, older) -> {});
        List<LaneTrainer> restored = new ArrayList<>();
        try {
            states.forEach((lane, state) -> {
                LaneTrainer one = lanes.restore(lane, partition, state, serving.get(lane));
                restored.add(one);
                awake.use(one);
                awake.settle();
            });
            return List.copyOf(restored);
        } catch (RuntimeException e) {
            restored.forEach(awake::release);
            restored.forEach(LaneTrainer::close);
            throw e;
        }
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
                    ("the newest state of lane '%s', at offset %d of partition %d of topic %s, cannot be read: another"
                                    + " release or another program wrote it; run that release, or write the state before it to the"
                                    + " topic again, or a record without a value for a lane that may begin anew")
                            .formatted(
                                    RecordKeys.text(record.key()),
                                    record.offset(),
                                    record.partition(),
                                    record.topic()));
        }
    }
}
