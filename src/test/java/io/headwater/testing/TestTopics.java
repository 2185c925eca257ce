package io.headwater.testing;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Command;
import io.headwater.domain.Payload;
import io.headwater.domain.Request;
import io.headwater.domain.Serving;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The topics of one installation at a broker, with a client that sends records and access to the committed records. */
public class TestTopics implements AutoCloseable {
    private final String bootstrapServers;
    private final Topics topics;
    private final Clients clients;
    private final Codec codec;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * Topics that exist already, or that {@link #ensure} creates.
     *
     * @param prefix prefix of the names of all topics
     * @param partitions of each topic, at least 1
     * @param maxRecordBytes maximum record size
     */
    public TestTopics(String bootstrapServers, String prefix, int partitions, int maxRecordBytes) {
        this.bootstrapServers = bootstrapServers;
        this.topics = new Topics(prefix, partitions, (short) 1, 1, maxRecordBytes);
        this.clients = new Clients(settings(), topics);
        this.codec = new Codec(maxRecordBytes);
        this.producer = clients.producer();
    }

    /** Creates the topics that do not exist. */
    public final void ensure() {
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
    }

    public final String bootstrapServers() {
        return bootstrapServers;
    }

    public final KafkaSettings settings() {
        return KafkaSettings.of(bootstrapServers);
    }

    public final Topics topics() {
        return topics;
    }

    public final Clients clients() {
        return clients;
    }

    public final Codec codec() {
        return codec;
    }

    /** Returns the name of a domain on {@code partition}, different for each {@code number}. */
    public final String domain(int partition, int number) {
        int left = number;
        for (int i = 0; ; i++) {
            String name = "shop-" + i;
            if (topics.partitionOf(name) == partition && left-- == 0) {
                return name;
            }
        }
    }

    /** Sends a record to the partition of {@code domain}; {@link #flush} waits for it. */
    public final void send(Topic topic, String domain, String key, byte @Nullable [] value) {
        send(new ProducerRecord<>(
                topics.name(topic), topics.partitionOf(domain), key.getBytes(StandardCharsets.UTF_8), value));
    }

    final Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return producer.send(record);
    }

    public final void flush() {
        producer.flush();
    }

    public final void command(Command command) {
        send(Topic.COMMANDS, command.lane().domain(), command.lane().key(), codec.encode(EventType.COMMAND, command));
        flush();
    }

    /** Publishes which version serves a lane. */
    public final void serving(Serving serving) {
        send(
                Topic.SERVING,
                serving.version().lane().domain(),
                serving.version().lane().key(),
                codec.encode(EventType.SERVING, serving));
        flush();
    }

    /** Requests a prediction for a text, without naming an adaptation. */
    public final void request(String domain, String id, String text) {
        request(domain, id, text, "");
    }

    /** Requests a prediction of {@code adaptation} for a text. */
    public final void request(String domain, String id, String text, String adaptation) {
        send(
                Topic.REQUESTS,
                domain,
                domain,
                codec.encode(EventType.REQUEST, new Request(id, new Payload.Text(text), Instant.EPOCH, adaptation)));
    }

    /** Returns the committed records on the partition of {@code domain}, in order. */
    public final List<ConsumerRecord<byte[], byte[]>> records(Topic topic, String domain) {
        try (PartitionReader reader = new PartitionReader(clients)) {
            return records(reader, topic, topics.partitionOf(domain));
        }
    }

    /** Returns the committed records on all partitions, in order within each. */
    public final List<ConsumerRecord<byte[], byte[]>> records(PartitionReader reader, Topic topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int p = 0; p < topics.partitions(); p++) {
            all.addAll(records(reader, topic, p));
        }
        return all;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(PartitionReader reader, Topic topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        reader.readAll(topics.partition(topic, partition), records::add);
        return records;
    }

    @Override
    public void close() {
        producer.close();
    }
}
