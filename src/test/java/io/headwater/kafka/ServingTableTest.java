package io.headwater.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.codec.RegistryException;
import io.headwater.codec.SchemaRegistry;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Outcome;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedBroker
@Timeout(60)
class ServingTableTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Codec codec = new Codec(1 << 20);
    private Clients clients;

    @BeforeEach
    void createTopics(BrokerUnderTest broker) {
        Topics topics = new Topics(broker.fresh("serving") + ".", 2, (short) 1, 1, 1 << 20);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        try (Admin admin = clients.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
    }

    @Test
    void shouldShowTheNewestOfEachLaneAndAnnounceEveryOne() throws Exception {
        Lane lane = new Lane("reviews", "shop");
        send(lane.key(), codec.encode(EventType.SERVING, serving(lane, 1)));
        send(lane.key(), codec.encode(EventType.SERVING, serving(lane, 2)));
        Recorder recorder = new Recorder();

        try (ServingTable table = new ServingTable(clients, new LaneEvents(codec), recorder)) {
            assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();

            assertThat(table.of(lane).orElseThrow().version().number()).isEqualTo(2);
            assertThat(List.copyOf(recorder.heard))
                    .startsWith("1", "2", "settled")
                    .doesNotContain("none");
            table.requireAlive();
        }
    }

    @Test
    void shouldSkipAndCountForeignRecordsAndAnnounceATombstone() throws Exception {
        Lane lane = new Lane("reviews", "shop");
        List<String> foreign = new CopyOnWriteArrayList<>();
        send("no lane", codec.encode(EventType.SERVING, serving(lane, 1)));
        send(lane.key(), codec.encode(EventType.SERVING, serving(lane, 2)));
        send(lane.key(), "{\"not\": \"an event\"}".getBytes(UTF_8));
        send(lane.key(), null);
        send("reviews/bank", codec.encode(EventType.SERVING, serving(lane, 3)));
        Recorder recorder = new Recorder();

        try (ServingTable table = new ServingTable(clients, new LaneEvents(codec, foreign::add), recorder)) {
            assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();

            assertThat(table.of(lane)).isEmpty();
            assertThat(table.of(new Lane("reviews", "bank"))).isPresent();
            assertThat(List.copyOf(recorder.heard)).startsWith("2", "none", "3", "settled");
            assertThat(foreign)
                    .containsExactly(
                            clients.topics().name(Topic.SERVING),
                            clients.topics().name(Topic.SERVING));
        }
    }

    /** A registry that is down when the topic is read does not mean that its events are lost, or that the role must end. */
    @Test
    void shouldGoOnWhenTheRegistryIsBack() throws Exception {
        Lane lane = new Lane("reviews", "shop");
        MemoryRegistry shared = new MemoryRegistry();
        send(lane.key(), new Codec(1 << 20, shared).encode(EventType.SERVING, serving(lane, 1)));
        send(lane.key(), new Codec(1 << 20, shared).encode(EventType.SERVING, serving(lane, 2)));
        AtomicBoolean down = new AtomicBoolean(true);
        Codec atFirstDown = new Codec(1 << 20, new SchemaRegistry() {
            @Override
            public int register(String subject, Schema schema) {
                return shared.register(subject, schema);
            }

            @Override
            public Outcome<Schema> byId(int id) {
                if (down.get()) {
                    throw new RegistryException("the registry is down", null);
                }
                return shared.byId(id);
            }
        });

        try (ServingTable table = new ServingTable(clients, new LaneEvents(atFirstDown), ServingTable.Listener.NONE)) {
            Await.until("the fault", () -> table.fault().isPresent());
            assertThat(table.fault().orElseThrow()).contains("the registry is down");
            assertThat(table.awaitCaughtUp(Duration.ZERO)).isFalse();

            down.set(false);

            assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();
            assertThat(table.of(lane).orElseThrow().version().number()).isEqualTo(2);
            assertThat(table.fault()).isEmpty();
        }
    }

    /** Records what it is told, in order. */
    private static final class Recorder implements ServingTable.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public void announced(Lane lane, @Nullable Serving serving) {
            heard.add(serving == null ? "none" : Long.toString(serving.version().number()));
        }

        @Override
        public void settled() {
            heard.add("settled");
        }
    }

    private static Serving serving(Lane lane, long number) {
        Digest digest = Digest.of(new byte[] {(byte) number});
        VersionRef version = new VersionRef(lane, number, digest, digest);
        return new Serving(version, null, DecidedBy.GATE, "better", false, Instant.EPOCH);
    }

    private void send(String key, byte @Nullable [] value) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            producer.send(new ProducerRecord<>(clients.topics().name(Topic.SERVING), 0, key.getBytes(UTF_8), value));
        }
    }
}
