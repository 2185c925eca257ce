package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Clients;
import io.headwater.kafka.Topics;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@OnEmbeddedBroker
@Timeout(120)
class ClientMetricsTest {
    private static final String LAG = "kafka.consumer.fetch.manager.records.lag";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void begin() {
        Metrics.addRegistry(registry);
    }

    @AfterEach
    void end() {
        Metrics.removeRegistry(registry);
    }

    @Test
    void shouldPublishTheLagOfAGroupAndTheMetricsOfItsProducerAsLongAsTheyAreOpen(BrokerUnderTest broker) {
        // Given the settings of a service
        String topic = broker.freshTopic("lag", 2);
        String group = broker.fresh("group");
        Clients clients = new Clients(
                RuntimeSettings.of(TestSettings.of(Map.of("headwater.bootstrap-servers", broker.bootstrapServers())))
                        .kafka(),
                new Topics("any.", 1, (short) 0, 0, 1 << 20));

        try (KafkaConsumer<byte[], byte[]> consumer = clients.groupConsumer(group);
                KafkaProducer<byte[], byte[]> producer = clients.transactionalProducer(group + "-one");
                KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
            for (int i = 0; i < 10; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, 0, new byte[0], new byte[] {1}));
                producer.commitTransaction();
            }

            // When
            consumer.subscribe(List.of(topic));
            Await.until("a record", () -> consumer.poll(Duration.ofMillis(100)).count() > 0);

            // Then
            Await.until("the lag", () -> {
                consumer.poll(Duration.ZERO);
                return registry.find(LAG).tags("topic", topic, "partition", "0").gauge() != null;
            });
            Await.until("all records", () -> {
                consumer.poll(Duration.ZERO);
                FunctionCounter consumed = registry.find("kafka.consumer.fetch.manager.records.consumed.total")
                        .functionCounter();
                return consumed != null && consumed.count() == 10;
            });
            assertThat(registry.find("kafka.producer.record.send.total")
                            .tag("client.id", "producer-" + group + "-one")
                            .functionCounter())
                    .isNotNull()
                    .satisfies(counter -> assertThat(counter.count()).isEqualTo(10));
            assertThat(reader.metrics()).isNotEmpty();
            assertThat(clientsOf(registry)).noneMatch(id -> id.contains("consumer-null"));
        }
        assertThat(clientsOf(registry)).noneMatch(id -> id.contains(group));
    }

    private static List<String> clientsOf(SimpleMeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("kafka."))
                .map(id -> String.valueOf(id.getTag("client.id")))
                .toList();
    }
}
