package io.headwater.streams;

import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.DeadLetters;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.task.goal.ClassGoal;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.TestTopics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Requests, predictions and labels at a broker whose topics take the times of their producer, so that days pass at once, and what
 * becomes of them.
 */
final class LateTraffic implements AutoCloseable {
    static final int PARTITIONS = 2;
    static final String ADAPTATION = "reviews";
    private static final int MAX_RECORD_BYTES = 1 << 20;

    /** Long enough ago that no time of the tests is in the future. */
    private final Instant start = Instant.now().minus(Duration.ofDays(100));

    private final TestTopics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final PartitionReader reader;

    private LateTraffic(TestTopics topics) {
        this.topics = topics;
        this.producer = topics.clients().producer();
        this.reader = new PartitionReader(topics.clients());
    }

    /** Creates the topics with the prefix {@code prefix}. */
    static LateTraffic create(BrokerUnderTest broker, String prefix) {
        return create(broker.bootstrapServers(), prefix);
    }

    /** Creates the topics with the prefix {@code prefix} at the broker at {@code bootstrapServers}. */
    static LateTraffic create(String bootstrapServers, String prefix) {
        Map<String, String> withTimes = Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1");
        BrokerUnderTest.create(
                bootstrapServers,
                Stream.of(Topic.REQUESTS, Topic.PREDICTIONS, Topic.LABELS)
                        .map(topic -> new NewTopic(prefix + topic.suffix(), Optional.of(PARTITIONS), Optional.empty())
                                .configs(withTimes))
                        .toArray(NewTopic[]::new));
        return open(bootstrapServers, prefix);
    }

    private static LateTraffic open(String bootstrapServers, String prefix) {
        TestTopics topics = new TestTopics(bootstrapServers, prefix, PARTITIONS, MAX_RECORD_BYTES);
        topics.ensure();
        return new LateTraffic(topics);
    }

    /** Returns a setup of the role at topics that exist. */
    static StreamsSetup setup(TestTopics topics, Path folder, StreamsListener listener) {
        return setup(topics, topics.clients(), topics.topics().prefix() + "streams", folder, listener);
    }

    /** Returns a setup of the role in a group of its own that uses {@code clients}. */
    static StreamsSetup setup(TestTopics topics, Clients clients, String group, Path folder, StreamsListener listener) {
        return new StreamsSetup(
                ADAPTATION,
                new ClassGoal(List.of(), 0),
                true,
                clients,
                topics.codec(),
                group,
                "one",
                new StreamsSettings(
                        folder, 1, 0, StreamsSettings.USUAL_WAIT, Duration.ofDays(3), StreamsSettings.USUAL_WINDOW),
                InstantSource.system(),
                listener);
    }

    static TestTopics topics(String bootstrapServers, String prefix) {
        return new TestTopics(bootstrapServers, prefix, PARTITIONS, MAX_RECORD_BYTES);
    }

    TestTopics topics() {
        return topics;
    }

    Streams role(Path folder) {
        return new Streams(setup(topics, folder, StreamsListener.NONE));
    }

    void request(String domain, String id, Duration at) {
        byte[] value = topics.codec()
                .encode(EventType.REQUEST, new Request(id, new Payload.Text("text of " + id), start.plus(at)));
        send(Topic.REQUESTS, domain, domain, value, at);
    }

    void prediction(String domain, String id, String answer, Duration at) {
        prediction(domain, id, 1, answer, at);
    }

    /** Sends the answer of the version with the number {@code number}. */
    void prediction(String domain, String id, long number, String answer, Duration at) {
        VersionRef version = new VersionRef(
                new Lane(ADAPTATION, domain), number, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        Prediction prediction =
                new Prediction(id, domain, version, new ClassLabel(answer), Map.of(), null, false, start.plus(at));
        send(Topic.PREDICTIONS, domain, domain, topics.codec().encode(EventType.PREDICTION, prediction), at);
    }

    void label(String domain, String id, String name, Duration at) {
        LateLabel label = new LateLabel(id, domain, new ClassLabel(name), start.plus(at));
        send(Topic.LABELS, id, id, topics.codec().encode(EventType.LATE_LABEL, label), at);
    }

    /** Sends a record to the partition of {@code placed}. */
    void send(Topic topic, String placed, String key, byte[] value, Duration at) {
        producer.send(new ProducerRecord<>(
                topics.topics().name(topic),
                topics.topics().partitionOf(placed),
                start.plus(at).toEpochMilli(),
                key.getBytes(StandardCharsets.UTF_8),
                value));
    }

    void flush() {
        producer.flush();
    }

    List<Sample> samples() {
        return all(Topic.SAMPLES, EventType.SAMPLE);
    }

    /** Returns all committed events of a topic. */
    <T> List<T> all(Topic topic, EventType<T> type) {
        return topics.records(reader, topic).stream()
                .map(record -> topics.codec().decodeOrThrow(type, record.value()))
                .toList();
    }

    List<DeadLetterHeaders> letters() {
        return topics.records(reader, Topic.DEAD_LETTERS).stream()
                .map(DeadLetters::headers)
                .toList();
    }

    /** The newest evaluation of each period. */
    List<LateEvaluation> evaluations() {
        Map<List<Object>, LateEvaluation> newest = new HashMap<>();
        topics.records(reader, Topic.LABEL_EVALUATIONS).stream()
                .map(record -> topics.codec().decodeOrThrow(EventType.LATE_EVALUATION, record.value()))
                .filter(one -> one.halfLife().isZero())
                .forEach(one -> newest.put(List.of(one.lane(), one.version(), one.from()), one));
        return List.copyOf(newest.values());
    }

    @Override
    public void close() {
        reader.close();
        producer.close();
        topics.close();
    }
}
