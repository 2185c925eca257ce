package io.headwater.bench.soak;

import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The records on the topics of an installation, read by a consumer of its own that shares no settings with Headwater. */
final class TopicLog implements Log, AutoCloseable {
    private static final List<Topic> READ = List.of(
            Topic.SAMPLES,
            Topic.REQUESTS,
            Topic.PREDICTIONS,
            Topic.DEAD_LETTERS,
            Topic.MODEL_VERSIONS,
            Topic.SERVING,
            Topic.TRAINER_STATE);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Topic> names = new HashMap<>();
    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);

    /** Creates a log of what is committed, or of everything. */
    TopicLog(String bootstrapServers, Topics topics, boolean committed) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        committed ? "read_committed" : "read_uncommitted"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = new ArrayList<>();
        for (Topic topic : READ) {
            names.put(topics.name(topic), topic);
            records.put(topic, new ArrayList<>());
            IntStream.range(0, topics.partitions()).forEach(p -> all.add(topics.partition(topic, p)));
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> of(Topic topic) {
        return records.getOrDefault(topic, List.of());
    }

    /** Returns the ends of the partitions; those of what is committed, if this is such a log. */
    Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(consumer.assignment(), PATIENCE);
    }

    /** Reads what came since the last time; returns whether it reached the ends. */
    boolean read() {
        Map<TopicPartition, Long> ends = ends();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE.toSeconds());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                Topic topic = names.get(record.topic());
                if (topic != null) {
                    of(topic).add(record);
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
