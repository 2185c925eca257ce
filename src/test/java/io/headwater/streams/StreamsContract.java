package io.headwater.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.role.RoleState;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.TestTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the role requires of a broker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class StreamsContract {
    private static final Duration LATER = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void shouldJoinOnThePartitionsOfTheDomainsAndGoOnWithStateThatWasLost(BrokerUnderTest broker, @TempDir Path folder)
            throws Exception {
        try (LateTraffic traffic = LateTraffic.create(broker, broker.fresh("join") + ".")) {
            // Given
            int count = 20;
            for (int i = 0; i < count; i++) {
                String domain = traffic.topics().domain(i % 2, i / 2);
                traffic.request(domain, "r" + i, Duration.ZERO);
                traffic.prediction(domain, "r" + i, "bad", Duration.ZERO);
            }
            traffic.label(traffic.topics().domain(0, 0), "r0", "good", LATER);
            traffic.label(traffic.topics().domain(1, 0), "r1", "good", LATER);
            traffic.label(traffic.topics().domain(0, 0), "unknown", "good", LATER);
            traffic.flush();

            // When
            Streams first = traffic.role(folder.resolve("first"));
            first.start();
            Await.until("two samples", PATIENCE, () -> traffic.samples().size() == 2);
            Await.until("readiness", PATIENCE, () -> first.state() == RoleState.RUNNING);
            first.stop();
            first.awaitEnd();
            assertThat(first.state()).isEqualTo(RoleState.STOPPED);
            Streams second = traffic.role(folder.resolve("second"));
            second.start();
            for (int i = 0; i < count; i++) {
                traffic.label(traffic.topics().domain(i % 2, i / 2), "r" + i, "good", LATER);
            }
            traffic.flush();

            // Then
            Await.until("all samples", PATIENCE, () -> traffic.samples().size() >= count);
            second.stop();
            second.awaitEnd();
            assertThat(traffic.samples()).hasSize(count).extracting(Sample::id).doesNotHaveDuplicates();
            assertThat(traffic.letters()).isEmpty();
            for (ConsumerRecord<byte[], byte[]> record :
                    traffic.topics().records(Topic.SAMPLES, traffic.topics().domain(1, 0))) {
                assertThat(RecordKeys.check(record, traffic.topics().topics())).isInstanceOf(Outcome.Ok.class);
            }
        }
    }

    @Test
    void shouldMakeADeadLetterOfALabelThatCannotBeRead(BrokerUnderTest broker, @TempDir Path folder) throws Exception {
        try (LateTraffic traffic = LateTraffic.create(broker, broker.fresh("unread") + ".")) {
            traffic.send(Topic.LABELS, "x", "x", new byte[] {7, 7}, LATER);
            traffic.flush();
            Streams role = traffic.role(folder);
            role.start();

            Await.until("a dead letter", PATIENCE, () -> !traffic.letters().isEmpty());
            role.stop();
            role.awaitEnd();

            assertThat(traffic.letters()).singleElement().satisfies(letter -> {
                assertThat(letter.rejection().reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
                assertThat(letter.partition())
                        .isEqualTo(traffic.topics().topics().partitionOf("x"));
            });
        }
    }

    @Test
    void shouldWaitForTopicsThatAreMissing(BrokerUnderTest broker, @TempDir Path folder) throws Exception {
        try (TestTopics missing = LateTraffic.topics(broker.bootstrapServers(), broker.fresh("missing") + ".")) {
            Streams role = new Streams(LateTraffic.setup(missing, folder, StreamsListener.NONE));
            role.start();
            Await.until(
                    "what it waits for",
                    () -> role.waitsFor()
                            .filter(what -> what.contains("serving"))
                            .isPresent());

            missing.ensure();

            Await.until("readiness", PATIENCE, () -> role.state() == RoleState.RUNNING);
            role.stop();
            role.awaitEnd();
            assertThat(role.failure()).isNull();
        }
    }
}
