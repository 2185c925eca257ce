package io.headwater.streams;

import io.headwater.codec.Codec;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.domain.Request;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.task.goal.ClassGoal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The topology of an adaptation without brokers, with what went in and what came out. Its stores are in memory, because the driver
 * commits after each record.
 */
final class DrivenJoin implements AutoCloseable, StreamsListener {
    static final String DOMAIN = "shop";
    static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    static final Topics TOPICS = new Topics("test.", 1, (short) 1, 1, 1 << 16);
    static final Codec CODEC = new Codec(1 << 16);
    static final StreamsSettings SETTINGS =
            new StreamsSettings(Path.of("unused"), 1, 0, Duration.ofDays(7), Duration.ofHours(1), Duration.ofHours(1));

    private final String adaptation;
    private final TopologyTestDriver driver;
    private final Map<JoinEvent, Integer> events = new EnumMap<>(JoinEvent.class);
    final List<Rejection> rejections = new ArrayList<>();
    final List<Duration> delays = new ArrayList<>();
    final List<String> foreign = new ArrayList<>();

    /** The clock of the process, which the times of records do not exceed. */
    volatile Instant now = START.plus(Duration.ofDays(1000));

    /** Up to which time all labels have been moved. */
    volatile long labelsUntil = Long.MAX_VALUE;

    DrivenJoin(Path folder) {
        this(folder, "reviews", true);
    }

    /**
     * Runs the topology of one of several adaptations.
     *
     * @param isForUnnamed whether it takes what is for none in particular
     */
    DrivenJoin(Path folder, String adaptation, boolean isForUnnamed) {
        this.adaptation = adaptation;
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test-" + adaptation);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        this.driver = new TopologyTestDriver(
                JoinTopology.of(setup(), () -> isForUnnamed, () -> labelsUntil, Stores::inMemoryKeyValueStore),
                properties,
                START);
    }

    private StreamsSetup setup() {
        return new StreamsSetup(
                adaptation,
                new ClassGoal(List.of(), 0),
                true,
                new Clients(KafkaSettings.of("nowhere:1"), TOPICS),
                CODEC,
                "test-" + adaptation,
                "one",
                SETTINGS,
                () -> now,
                this);
    }

    @Override
    public void happened(JoinEvent event) {
        events.merge(event, 1, Integer::sum);
    }

    @Override
    public void labelled(Duration delay) {
        delays.add(delay);
    }

    @Override
    public void rejected(Rejection rejection) {
        rejections.add(rejection);
    }

    @Override
    public void foreign(String topic) {
        foreign.add(topic);
    }

    int count(JoinEvent event) {
        return events.getOrDefault(event, 0);
    }

    static VersionRef version(String adaptation, long number) {
        return new VersionRef(
                new Lane(adaptation, DOMAIN), number, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
    }

    DrivenJoin request(String id, Duration at) {
        return request(id, "", at);
    }

    DrivenJoin request(String id, String named, Duration at) {
        Request request = new Request(id, new Payload.Text("text of " + id), START.plus(at), named);
        return send(Topic.REQUESTS, utf8(DOMAIN), CODEC.encode(EventType.REQUEST, request), at);
    }

    DrivenJoin prediction(String id, String answer, Duration at) {
        return prediction(id, version("reviews", 3), answer, at);
    }

    DrivenJoin prediction(String id, VersionRef version, String answer, Duration at) {
        return prediction(id, version, answer, 0, at);
    }

    /** Answers a request that was chosen for labelling with the probability {@code asked}. */
    DrivenJoin prediction(String id, VersionRef version, String answer, double asked, Duration at) {
        return send(prediction(id, version, answer, START.plus(at)).withAsked(asked), at);
    }

    /** Lets a challenger answer. */
    DrivenJoin shadow(String id, VersionRef version, String answer, Duration at) {
        return send(prediction(id, version, answer, START.plus(at)).asShadow(), at);
    }

    private static Prediction prediction(String id, VersionRef version, String answer, Instant at) {
        return new Prediction(id, DOMAIN, version, new ClassLabel(answer), Map.of(answer, 1f), null, false, at);
    }

    private DrivenJoin send(Prediction prediction, Duration at) {
        return send(Topic.PREDICTIONS, utf8(DOMAIN), CODEC.encode(EventType.PREDICTION, prediction), at);
    }

    DrivenJoin label(String id, String name, Duration at) {
        return label(id, new ClassLabel(name), Instant.EPOCH, at);
    }

    DrivenJoin label(String id, Label label, Instant observedAt, Duration at) {
        LateLabel late = new LateLabel(id, DOMAIN, label, observedAt);
        return send(Topic.LABELS, utf8(id), CODEC.encode(EventType.LATE_LABEL, late), at);
    }

    DrivenJoin send(Topic topic, byte[] key, byte[] value, Duration at) {
        driver.createInputTopic(TOPICS.name(topic), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, START.plus(at)));
        return this;
    }

    /** Lets the stream reach a time, and everything have time to arrive. */
    DrivenJoin reach(Duration at) {
        request("tick " + at, "another", at);
        driver.advanceWallClockTime(JoinProcessor.TURN);
        driver.advanceWallClockTime(SettledTime.SETTLING.plus(JoinProcessor.TURN));
        return this;
    }

    private List<TestRecord<byte[], byte[]>> read(Topic topic) {
        return driver.createOutputTopic(TOPICS.name(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** The samples since the last call. */
    List<Sample> samples() {
        return read(Topic.SAMPLES).stream()
                .map(record -> CODEC.decodeOrThrow(EventType.SAMPLE, record.value()))
                .toList();
    }

    /** The evaluations since the last call. */
    List<LateEvaluation> evaluations() {
        return read(Topic.LABEL_EVALUATIONS).stream()
                .map(record -> CODEC.decodeOrThrow(EventType.LATE_EVALUATION, record.value()))
                .toList();
    }

    /** A dead letter. */
    record Letter(byte[] key, byte[] value, DeadLetterHeaders headers) {}

    /** The dead letters since the last call. */
    List<Letter> letters() {
        return read(Topic.DEAD_LETTERS).stream()
                .map(record -> {
                    Map<String, byte[]> headers = new HashMap<>();
                    for (Header header : record.headers()) {
                        headers.put(header.key(), header.value());
                    }
                    return new Letter(record.key(), record.value(), DeadLetterHeaders.decode(headers));
                })
                .toList();
    }

    /** The number of entries of a store. */
    int size(String store) {
        int size = 0;
        try (var all = driver.getKeyValueStore(store).all()) {
            while (all.hasNext()) {
                all.next();
                size++;
            }
        }
        return size;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }
}
