package io.headwater.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.codec.Codec;
import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.Topic;
import io.headwater.kafka.TopicAdmin;
import io.headwater.kafka.Topics;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(60)
class OrphanSweepTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AGE = Duration.ofHours(24);
    private static final int PARTITIONS = 2;

    private final Codec codec = new Codec(1 << 20);
    private final List<String> foreign = new ArrayList<>();
    private Instant now = START;
    private Clients clients;
    private FileArtifactStore store;

    @BeforeEach
    void open(BrokerUnderTest broker, @TempDir Path folder) {
        Topics topics = new Topics(broker.fresh("sweep") + ".", PARTITIONS, (short) 1, 1, 1 << 20);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        store = new FileArtifactStore(folder, 1 << 20, () -> now);
    }

    @Test
    void shouldKeepWhatAnyEventOfAnyAdaptationRefersTo() {
        // Given
        VersionRef parent = version("one", 1);
        VersionRef child = version("one", 2);
        VersionRef served = version("two", 7);
        VersionRef before = version("two", 6);
        VersionRef saved = version("three", 3);
        Digest configuration = put("configuration");
        Digest orphan = put("orphan");
        send(
                Topic.MODEL_VERSIONS,
                0,
                codec.encode(EventType.MODEL_VERSION, modelVersion(child, parent, configuration)));
        send(
                Topic.SERVING,
                1,
                codec.encode(EventType.SERVING, new Serving(served, before, DecidedBy.GATE, "better", false, START)));
        send(Topic.TRAINER_STATE, 1, codec.encode(EventType.TRAINER_STATE, new TrainerState(saved, 9, START)));
        send(Topic.TRAINER_STATE, 0, null);
        now = START.plus(AGE).plusSeconds(1);
        Digest young = put("young");

        // When
        int deleted = sweep().run();

        // Then
        assertThat(deleted).isEqualTo(1);
        assertThat(store.contains(orphan)).isFalse();
        assertThat(List.of(configuration, young)).allMatch(store::contains);
        assertThat(List.of(parent, child, served, before, saved))
                .allMatch(ref -> store.contains(ref.artifact()) && store.contains(ref.checkpoint()));
    }

    @Test
    void shouldDeleteNothingBesideTopicsThatReferToNothing() {
        Digest lost = put("lost");
        now = START.plus(AGE.multipliedBy(2));

        assertThat(sweep().run()).isZero();
        assertThat(store.contains(lost)).isTrue();
    }

    @Test
    void shouldSweepAlthoughAForeignProgramWroteToTheTopics() {
        VersionRef saved = version("one", 1);
        Digest orphan = put("orphan");
        send(Topic.TRAINER_STATE, 0, codec.encode(EventType.TRAINER_STATE, new TrainerState(saved, 9, START)));
        send(Topic.SERVING, 1, "not an event".getBytes(UTF_8));
        now = START.plus(AGE.multipliedBy(2));

        assertThat(sweep().run()).isEqualTo(1);
        assertThat(store.contains(orphan)).isFalse();
        assertThat(store.contains(saved.checkpoint())).isTrue();
        assertThat(foreign).containsExactly(clients.topics().name(Topic.SERVING));
    }

    @Test
    void shouldDeleteNothingWhenAnotherReleaseWroteAnEvent() {
        Digest orphan = put("orphan");
        send(
                Topic.TRAINER_STATE,
                0,
                codec.encode(EventType.TRAINER_STATE, new TrainerState(version("one", 1), 9, START)));
        send(Topic.SERVING, 1, new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9});
        now = START.plus(AGE.multipliedBy(2));

        assertThatThrownBy(() -> sweep().run())
                .isInstanceOf(CodecException.class)
                .hasMessageContainingAll(
                        "offset 0 of partition 1", clients.topics().name(Topic.SERVING), "another release");
        assertThat(store.contains(orphan)).isTrue();
    }

    @Test
    void shouldKeepWhatWasMerged() {
        VersionRef merged = version("other", 3);
        VersionRef since = version("other", 1);
        Digest configuration = put("configuration");
        Lineage lineage = new Lineage(
                null,
                0,
                0,
                5,
                List.of(5),
                Digest.of(new byte[1]),
                configuration,
                List.of(),
                List.of(),
                new MergedVersion(merged, since));
        ModelVersion version = new ModelVersion(version("one", 1), lineage, List.of(), 5, START, Map.of());
        send(Topic.MODEL_VERSIONS, 0, codec.encode(EventType.MODEL_VERSION, version));
        now = START.plus(AGE.multipliedBy(2));

        sweep().run();

        assertThat(store.contains(merged.checkpoint())).isTrue();
        assertThat(store.contains(since.checkpoint())).isTrue();
    }

    private OrphanSweep sweep() {
        return new OrphanSweep(clients, new LaneEvents(codec, foreign::add), store, Retention.ALL, AGE, () -> now);
    }

    private Digest put(String content) {
        return store.put(content.getBytes(UTF_8));
    }

    private VersionRef version(String adaptation, int number) {
        String name = adaptation + number;
        return new VersionRef(new Lane(adaptation, "shop"), number, put(name + " head"), put(name + " checkpoint"));
    }

    private static ModelVersion modelVersion(VersionRef ref, VersionRef parent, Digest configuration) {
        Lineage lineage = new Lineage(parent, 0, 0, 5, List.of(5), Digest.of(new byte[1]), configuration);
        return new ModelVersion(ref, lineage, List.of("a", "b"), 5, START, Map.of());
    }

    private void send(Topic topic, int partition, byte @Nullable [] value) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            producer.send(new ProducerRecord<>(clients.topics().name(topic), partition, "lane".getBytes(UTF_8), value));
        }
    }
}
