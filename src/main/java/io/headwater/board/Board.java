package io.headwater.board;

import io.headwater.codec.Codec;
import io.headwater.codec.RegistryException;
import io.headwater.kafka.Clients;
import io.headwater.kafka.Topic;
import io.headwater.role.RecoveryPace;
import io.headwater.role.RoleControl;
import io.headwater.role.RoleState;
import io.headwater.role.ThreadRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Follows the topics from which people see how all lanes of an installation do. What serves and where trainers stand is read from the
 * beginning, and of everything else the newest records. After a fault of the brokers or of the registry it goes on by itself.
 */
public final class Board extends ThreadRole {
    private static final Logger LOG = Logger.getLogger(Board.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /** How many records of each partition are read at the start, at most; dead letters and asks contain whole inputs. */
    private static final Map<Topic, Long> TAIL = Map.of(
            Topic.SERVING, Long.MAX_VALUE,
            Topic.TRAINER_STATE, Long.MAX_VALUE,
            Topic.MODEL_VERSIONS, 20_000L,
            Topic.EVALUATIONS, 50_000L,
            Topic.COMMANDS, 1_000L,
            Topic.LABELS, 10_000L,
            Topic.ASKS, 1_000L,
            Topic.DEAD_LETTERS, 500L);

    private final Clients clients;
    private final Codec codec;
    private final BoardContent content;

    /**
     * A role that does nothing until it is started.
     *
     * @param instance name of this process, for the log
     */
    public Board(Clients clients, Codec codec, String instance) {
        super("page", "none", instance);
        this.clients = clients;
        this.codec = codec;
        this.content = new BoardContent(clients.topics(), codec);
    }

    /** Returns what it knows. */
    public BoardContent content() {
        return content;
    }

    /** Returns the clients with which it reads. */
    public Clients clients() {
        return clients;
    }

    /** Returns the codec with which it reads. */
    public Codec codec() {
        return codec;
    }

    @Override
    protected void work(RoleControl control) throws InterruptedException {
        control.waitFor("the topics of the lanes");
        RecoveryPace pace = new RecoveryPace();
        try (KafkaConsumer<byte[], byte[]> consumer = clients.reader()) {
            Map<TopicPartition, Long> ends = Map.of();
            while (!control.isStopping()) {
                try {
                    if (ends.isEmpty()) {
                        ends = begin(consumer);
                    }
                    apply(consumer, consumer.poll(POLL));
                    if (control.state() != RoleState.RUNNING && isRead(consumer, ends)) {
                        control.running();
                        pace.succeeded();
                    }
                    control.progressed();
                } catch (InterruptException e) {
                    throw e;
                } catch (KafkaException | RegistryException e) {
                    if (pace.isNews(e)) {
                        LOG.warnf(e, "page-recovers untold=%d", pace.takeUntold());
                    }
                    control.recovering(e);
                    pace.pause(control);
                }
            }
        }
    }

    /** Seeks to where reading begins; returns where it must have come to before the board is complete. */
    private Map<TopicPartition, Long> begin(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> tails = new HashMap<>();
        TAIL.forEach((topic, tail) -> {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                tails.put(clients.topics().partition(topic, p), tail);
            }
        });
        List<TopicPartition> partitions = new ArrayList<>(tails.keySet());
        consumer.assign(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        tails.forEach((partition, tail) -> consumer.seek(
                partition, Math.max(beginnings.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L) - tail)));
        return ends;
    }

    private static boolean isRead(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Applies the records, or as many as can be read; the others are polled again. */
    private void apply(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, Long> next = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            next.put(partition, records.records(partition).get(0).offset());
        }
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                content.apply(record);
                next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
        } catch (RegistryException e) {
            next.forEach(consumer::seek);
            throw e;
        }
    }
}
