package io.headwater.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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
    void shouldShowTheNewestOfEachLaneAndTellOfEveryOne() throws Exception {
        Lane lane = new Lane("reviews", "shop");
        send(lane.key(), codec.encode(EventType.SERVING, serving(lane, 1)));
        send(lane.key(), codec.encode(EventType.SERVING, serving(lane, 2)));
        List<Long> told = new ArrayList<>();

        try (ServingTable table = new ServingTable(
                clients, codec, (of, to) -> told.add(to.version().number()))) {
            assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();

            assertThat(table.of(lane).orElseThrow().version().number()).isEqualTo(2);
            assertThat(told).containsExactly(1L, 2L);
            table.requireAlive();
        }
    }

    private static Serving serving(Lane lane, long number) {
        Digest digest = Digest.of(new byte[] {(byte) number});
        VersionRef version = new VersionRef(lane, number, digest, digest);
        return new Serving(version, null, DecidedBy.GATE, "better", false, Instant.EPOCH);
    }

    private void send(String key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            producer.send(new ProducerRecord<>(clients.topics().name(Topic.SERVING), 0, key.getBytes(UTF_8), value));
        }
    }
}
