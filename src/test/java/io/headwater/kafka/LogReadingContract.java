package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading what is committed: partitions to their end, and the serving topic as it grows. */
@Timeout(120)
abstract class LogReadingContract {
    private static final Codec CODEC = new Codec(100_000);
    private static final Lane SHOP = new Lane("lanes", "shop");
    private static final Lane BANK = new Lane("lanes", "bank");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldReadWhatIsCommittedAndNothingThatWasAborted(BrokerUnderTest broker) {
        Clients clients = clients(broker);
        TopicPartition partition = clients.topics().partition(Topic.EVALUATIONS, 0);
        try (KafkaProducer<byte[], byte[]> producer = transactional(broker, clients);
                PartitionReader reader = new PartitionReader(clients)) {
            // Given
            send(producer, partition, "a", "b");
            producer.commitTransaction();
            send(producer, partition, "aborted");
            producer.flush();
            producer.abortTransaction();
            send(producer, partition, "c");
            producer.commitTransaction();

            // When / Then
            assertThat(readAll(reader, partition)).containsExactly("a", "b", "c");
            assertThat(readAll(reader, clients.topics().partition(Topic.EVALUATIONS, 1)))
                    .isEmpty();
            List<String> part = new ArrayList<>();
            reader.read(partition, 1, 2, record -> part.add(text(record.value())));
            assertThat(part).containsExactly("b");
        }
    }

    @Test
    void shouldWaitForTheEndOfATransactionThatIsOpen(BrokerUnderTest broker) {
        Clients clients = clients(broker);
        TopicPartition partition = clients.topics().partition(Topic.TRAINER_STATE, 0);
        try (KafkaProducer<byte[], byte[]> producer = transactional(broker, clients)) {
            // Given: a record that is on the log and not yet committed
            send(producer, partition, "late");
            producer.flush();

            // When
            CompletableFuture<List<String>> reading = CompletableFuture.supplyAsync(() -> {
                try (PartitionReader reader = new PartitionReader(clients)) {
                    return readAll(reader, partition);
                }
            });
            try (PartitionReader other = new PartitionReader(clients)) {
                assertThat(other.endOf(partition)).isEqualTo(1);
                assertThat(readAll(other, clients.topics().partition(Topic.TRAINER_STATE, 1)))
                        .isEmpty();
            }
            assertThat(reading).isNotDone();
            producer.commitTransaction();

            // Then
            assertThat(reading.join()).containsExactly("late");
        }
    }

    @Test
    void shouldCatchUpAndFollowWhatServes(BrokerUnderTest broker) throws Exception {
        Clients clients = clients(broker);
        ConcurrentLinkedQueue<String> changes = new ConcurrentLinkedQueue<>();
        try (KafkaProducer<byte[], byte[]> producer = clients.producer()) {
            // Given
            serve(producer, clients, SHOP, serving(SHOP, 1));
            serve(producer, clients, SHOP, serving(SHOP, 2));
            serve(producer, clients, BANK, serving(BANK, 1));
            producer.flush();

            try (ServingTable table = new ServingTable(clients, new LaneEvents(CODEC), new ServingTable.Listener() {
                @Override
                public void announced(Lane lane, @Nullable Serving serving) {
                    changes.add(serving == null ? "none" : serving.version().toString());
                }
            })) {
                // When / Then
                assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();
                assertThat(table.of(SHOP)).contains(serving(SHOP, 2));
                assertThat(table.of(BANK)).contains(serving(BANK, 1));
                assertThat(table.of(new Lane("lanes", "other"))).isEmpty();
                assertThat(changes)
                        .containsSubsequence("lanes/shop@1", "lanes/shop@2")
                        .contains("lanes/bank@1");

                serve(producer, clients, SHOP, serving(SHOP, 3));
                producer.flush();
                Await.until("the third version", () -> table.of(SHOP).equals(Optional.of(serving(SHOP, 3))));
                assertThat(changes).endsWith("lanes/shop@3");
                table.requireAlive();
            }
        }
    }

    @Test
    void shouldGoOnFollowingAfterATombstoneAndARecordThatNobodyCanRead(BrokerUnderTest broker) throws Exception {
        Clients clients = clients(broker);
        try (KafkaProducer<byte[], byte[]> producer = clients.producer();
                ServingTable table = new ServingTable(clients, new LaneEvents(CODEC), ServingTable.Listener.NONE)) {
            assertThat(table.awaitCaughtUp(PATIENCE)).isTrue();
            serve(producer, clients, SHOP, serving(SHOP, 1));
            producer.flush();
            Await.until("the first version", () -> table.of(SHOP).isPresent());

            // When: an operator takes the lane off the topic, and somebody writes what is no event
            send(producer, clients, SHOP.key(), null);
            send(producer, clients, SHOP.key(), new byte[] {1, 2, 3});
            send(producer, clients, "no lane", CODEC.encode(EventType.SERVING, serving(BANK, 1)));
            serve(producer, clients, BANK, serving(BANK, 7));
            producer.flush();

            // Then
            Await.until(
                    "what came after",
                    () -> table.of(BANK).isPresent() && table.of(SHOP).isEmpty());
            table.requireAlive();
        }
    }

    private static Clients clients(BrokerUnderTest broker) {
        Topics topics = new Topics(broker.fresh("log") + ".", 2, (short) 1, 1, 100_000);
        try (Admin admin = broker.admin()) {
            new TopicAdmin(admin, topics).ensure();
        }
        return new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
    }

    private static KafkaProducer<byte[], byte[]> transactional(BrokerUnderTest broker, Clients clients) {
        return clients.transactionalProducer(broker.fresh("writer"));
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, TopicPartition partition, String... values) {
        producer.beginTransaction();
        for (String value : values) {
            producer.send(new ProducerRecord<>(
                    partition.topic(), partition.partition(), new byte[] {1}, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void serve(KafkaProducer<byte[], byte[]> producer, Clients clients, Lane lane, Serving serving) {
        send(producer, clients, lane.key(), CODEC.encode(EventType.SERVING, serving));
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, Clients clients, String key, byte @Nullable [] value) {
        producer.send(new ProducerRecord<>(
                clients.topics().name(Topic.SERVING), 1, key.getBytes(StandardCharsets.UTF_8), value));
    }

    private static List<String> readAll(PartitionReader reader, TopicPartition partition) {
        List<String> values = new ArrayList<>();
        reader.readAll(partition, record -> values.add(text(record.value())));
        return values;
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static Serving serving(Lane lane, long number) {
        Digest digest = Digest.of(new byte[] {(byte) number});
        return new Serving(
                new VersionRef(lane, number, digest, digest), null, DecidedBy.GATE, "test", false, Instant.EPOCH);
    }
}
