package io.headwater.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the transactional behaviour of a broker on which exactly-once publishing relies. */
@Timeout(60)
abstract class TransactionsContract {

    private static final Duration POLL = Duration.ofMillis(200);

    @Test
    void shouldShowOnlyTheCommittedAttemptAndItsOffsets(BrokerUnderTest broker) throws Exception {
        // Given
        String in = broker.freshTopic("in", 1);
        String out = broker.freshTopic("out", 1);
        String group = broker.fresh("group");
        produce(broker, in, List.of("a", "b", "c"));

        // When
        try (KafkaConsumer<String, String> consumer = consumer(broker, group);
                KafkaProducer<String, String> producer = producer(broker, broker.fresh("trainer"))) {
            producer.initTransactions();
            consumer.subscribe(List.of(in));
            List<String> values = take(consumer, 3);
            publish(producer, out, values, "aborted ", in, consumer.groupMetadata());
            producer.abortTransaction();
            publish(producer, out, values, "committed ", in, consumer.groupMetadata());
            producer.commitTransaction();
        }

        // Then
        assertThat(readCommitted(broker, out, 3)).containsExactly("committed a", "committed b", "committed c");
        assertThat(committedOffsets(broker, group))
                .containsExactly(Map.entry(new TopicPartition(in, 0), new OffsetAndMetadata(3)));
    }

    @Test
    void shouldFenceAnOlderProducerOfTheSameTransactionalId(BrokerUnderTest broker) throws Exception {
        // Given
        String out = broker.freshTopic("out", 1);
        String id = broker.fresh("trainer");
        try (KafkaProducer<String, String> older = producer(broker, id);
                KafkaProducer<String, String> newer = producer(broker, id)) {
            older.initTransactions();
            older.beginTransaction();
            older.send(new ProducerRecord<>(out, "older")).get();

            // When
            newer.initTransactions();
            newer.beginTransaction();
            newer.send(new ProducerRecord<>(out, "newer"));
            newer.commitTransaction();

            // Then
            assertThat(readCommitted(broker, out, 1)).containsExactly("newer");
            assertThat(catchThrowable(older::commitTransaction)).isInstanceOf(KafkaException.class);
        }
    }

    private static void publish(
            KafkaProducer<String, String> producer,
            String out,
            List<String> values,
            String mark,
            String in,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        values.forEach(value -> producer.send(new ProducerRecord<>(out, mark + value)));
        producer.sendOffsetsToTransaction(
                Map.of(new TopicPartition(in, 0), new OffsetAndMetadata(values.size())), group);
        producer.flush();
    }

    private static void produce(BrokerUnderTest broker, String topic, List<String> values) {
        try (KafkaProducer<String, String> producer = producer(broker, broker.fresh("source"))) {
            producer.initTransactions();
            producer.beginTransaction();
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, value)));
            producer.commitTransaction();
        }
    }

    private static List<String> readCommitted(BrokerUnderTest broker, String topic, int count) {
        try (KafkaConsumer<String, String> consumer = consumer(broker, broker.fresh("reader"))) {
            consumer.subscribe(List.of(topic));
            return take(consumer, count);
        }
    }

    private static List<String> take(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            consumer.poll(POLL).forEach(received -> values.add(received.value()));
        }
        return values;
    }

    private static Map<TopicPartition, OffsetAndMetadata> committedOffsets(BrokerUnderTest broker, String group)
            throws Exception {
        try (Admin admin = broker.admin()) {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(BrokerUnderTest broker, String transactionalId) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", transactionalId),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Creates a consumer that uses the group protocol of KIP-848. */
    private static KafkaConsumer<String, String> consumer(BrokerUnderTest broker, String group) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.bootstrapServers());
        settings.put("group.id", group);
        settings.put("group.protocol", "consumer");
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }
}
