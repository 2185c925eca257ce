package io.headwater.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.adapt.state.CheckpointLog;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
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
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests which artifacts a sweep keeps, with checkpoints that refer to others. */
@OnEmbeddedBroker
@Timeout(60)
class RetentionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Retention RETENTION = new Retention(Duration.ofMinutes(5), 3, 10);

    private final Codec codec = new Codec(1 << 20);
    private final CheckpointLog log = new CheckpointLog();
    private final Random random = new Random(1);
    private final List<VersionRef> versions = new ArrayList<>();
    private Instant now = START;
    private Clients clients;
    private FileArtifactStore store;
    private Digest configuration;

    @BeforeEach
    void open(BrokerUnderTest broker, @TempDir Path folder) {
        Topics topics = new Topics(broker.fresh("retention") + ".", 1, (short) 1, 1, 1 << 20);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        store = new FileArtifactStore(folder, 1 << 20, () -> now);
        configuration = put("configuration");
    }

    @Test
    void shouldKeepYoungVersionsTheNewestOnesAndOneInSoMany() {
        publish(24);
        now = START.plus(LEAST).plus(Duration.ofMinutes(26));

        sweep(new Retention(LEAST.plus(Duration.ofMinutes(6)), 3, 10)).run();

        // Version n was published n minutes after the start; those from 21 on are young. The parents of the 10th and
        // the 20th are
        // kept for replays.
        assertThat(kept()).containsExactly(9L, 10L, 19L, 20L, 21L, 22L, 23L, 24L);
        assertThat(store.contains(configuration)).isTrue();
    }

    @Test
    void shouldKeepEverythingWithoutARetention() {
        publish(8);
        later();

        assertThat(sweep(Retention.ALL).run()).isZero();
        assertThat(kept()).hasSize(8);
    }

    @Test
    void shouldKeepWhatServesAndServedBeforeIt() {
        publish(24);
        send(Topic.SERVING, EventType.SERVING, new Serving(ref(7), ref(4), DecidedBy.PERSON, "better", true, START));
        later();

        sweep(RETENTION).run();

        assertThat(kept()).containsExactly(4L, 7L, 9L, 10L, 19L, 20L, 21L, 22L, 23L, 24L);
    }

    @Test
    void shouldKeepWhatMayServeAfterTheNewestCheckpoint() {
        publish(12);
        VersionRef rival = ref(3);
        publish(Set.of(rival.artifact(), rival.checkpoint()));
        later();

        sweep(RETENTION).run();

        assertThat(kept()).containsExactly(3L, 9L, 10L, 11L, 12L, 13L);
    }

    @Test
    void shouldKeepWhatAnotherLaneStartedFrom() {
        publish(12);
        Lineage lineage = new Lineage(ref(2), 0, 0, 5, List.of(5), Digest.of(new byte[1]), configuration);
        VersionRef other = new VersionRef(new Lane("reviews", "other"), 1, put("head"), put("checkpoint"));
        send(
                Topic.MODEL_VERSIONS,
                EventType.MODEL_VERSION,
                new ModelVersion(other, lineage, List.of("a", "b"), 5, START, Map.of()));
        later();

        sweep(RETENTION).run();

        assertThat(kept()).contains(2L);
    }

    @Test
    void shouldKeepAllVersionsOfALaneThatMayHaveToBeRebuilt() {
        publish(12);
        VersionRef lost = new VersionRef(lane(), 13, put("head 13"), Digest.of("lost".getBytes(UTF_8)));
        send(Topic.TRAINER_STATE, EventType.TRAINER_STATE, new TrainerState(lost, 13, now));
        later();

        sweep(RETENTION).run();

        assertThat(kept()).hasSize(12);
    }

    @Test
    void shouldKeepTheLastVersionOfEachConfiguration() {
        publish(6);
        configuration = put("other configuration");
        publish(12);
        later();

        sweep(RETENTION).run();

        assertThat(kept()).contains(6L).doesNotContain(4L, 7L);
    }

    /** A trainer publishes after the sweep has read the events, and before it deletes. */
    @Test
    void shouldKeepWhatIsPublishedMeanwhile() {
        publish(24);
        later();
        Set<Digest> referenced = sweep(RETENTION).references().digests();
        for (int i = 0; i < 30; i++) {
            publish(Set.of());
        }

        store.sweep(referenced, LEAST);

        assertThat(kept()).contains(24L, 25L, 54L);
        assertThat(kept()).doesNotContain(3L);
    }

    @Test
    void shouldKeepWhatAPersonChoosesMeanwhile() {
        publish(24);
        later();
        Set<Digest> referenced = sweep(RETENTION).references().digests();
        store.renew(ref(3).artifact());

        store.sweep(referenced, LEAST);

        assertThat(store.contains(ref(3).artifact())).isTrue();
        assertThat(store.contains(ref(4).artifact())).isFalse();
    }

    @Test
    void shouldShowWhatTakesTheSpaceAndWhatASweepFrees() {
        publish(24);
        Digest orphan = put("orphan");
        later();
        Digest young = put("young");

        StoreSpace space = StoreSpace.of(clients, new LaneEvents(codec), store, RETENTION, LEAST, now);

        assertThat(space.lanes()).singleElement().satisfies(lane -> {
            assertThat(lane.lane()).isEqualTo("reviews/shop");
            assertThat(lane.versions()).isEqualTo(24);
            assertThat(lane.kept()).isEqualTo(5);
        });
        assertThat(space.configurations().artifacts()).isEqualTo(1);
        assertThat(space.deletable()).contains(orphan).doesNotContain(young);
        assertThat(space.unreferenced().artifacts()).isEqualTo(space.freed().artifacts() + 1);
        assertThat(sweep(RETENTION).run()).isEqualTo((int) space.freed().artifacts());
        StoreSpace after = StoreSpace.of(clients, new LaneEvents(codec), store, RETENTION, LEAST, now);
        assertThat(after.all().bytes())
                .isEqualTo(space.all().bytes() - space.freed().bytes());
        assertThat(after.freed().artifacts()).isZero();
    }

    @Test
    void shouldRefuseARetentionThatKeepsNothing() {
        assertThatThrownBy(() -> new Retention(Duration.ZERO, 0, 1)).hasMessageContaining("at least 1 newest version");
    }

    private void later() {
        now = now.plus(LEAST.multipliedBy(2));
    }

    /** Publishes versions until there are {@code count}. */
    private void publish(int count) {
        while (versions.size() < count) {
            publish(Set.of());
        }
    }

    /** Publishes a version with a checkpoint of which most repeats those before it. */
    private void publish(Set<Digest> mentioned) {
        now = now.plus(MINUTE);
        int number = versions.size() + 1;
        float[] fresh = new float[500];
        for (int i = 0; i < fresh.length; i++) {
            fresh[i] = random.nextFloat();
        }
        float[] same = new float[6000];
        for (int i = 0; i < same.length; i++) {
            same[i] = (float) Math.sin(i);
        }
        Digest checkpoint = log.save(store, Digest.of(new byte[1]), "form", List.of("a", "b"), mentioned, sections -> {
            sections.floats("fresh", fresh);
            sections.floats("same", same);
        });
        VersionRef ref = new VersionRef(lane(), number, put("head " + number), checkpoint);
        VersionRef parent = versions.isEmpty() ? null : ref(number - 1);
        versions.add(ref);
        Lineage lineage = new Lineage(parent, 0, 0, 5, List.of(5), Digest.of(new byte[1]), configuration);
        send(
                Topic.MODEL_VERSIONS,
                EventType.MODEL_VERSION,
                new ModelVersion(ref, lineage, List.of("a", "b"), 5, now, Map.of()));
        send(Topic.TRAINER_STATE, EventType.TRAINER_STATE, new TrainerState(ref, number, now));
    }

    /** Returns the numbers of the versions whose head is kept, and whose checkpoint can be read with all that it needs. */
    private List<Long> kept() {
        List<Long> kept = new ArrayList<>();
        for (VersionRef version : versions) {
            if (store.contains(version.artifact())) {
                Checkpoints.read(store, version.checkpoint());
                kept.add(version.number());
            }
        }
        return kept;
    }

    private VersionRef ref(int number) {
        return versions.get(number - 1);
    }

    private static Lane lane() {
        return new Lane("reviews", "shop");
    }

    private Digest put(String content) {
        return store.put(content.getBytes(UTF_8));
    }

    private OrphanSweep sweep(Retention retention) {
        return new OrphanSweep(clients, new LaneEvents(codec), store, retention, LEAST, () -> now);
    }

    private <T> void send(Topic topic, EventType<T> type, T event) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            producer.send(new ProducerRecord<>(
                    clients.topics().name(topic), 0, "reviews/shop".getBytes(UTF_8), codec.encode(type, event)));
        }
    }
}
