package io.headwater.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.kafka.Topic;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.TestTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

@OnEmbeddedBroker
class LabelProgressEmbeddedTest {
    private static final String GROUP = "movers";

    @Test
    void shouldStandStillWhileLabelsAreNotMoved(BrokerUnderTest broker) throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochMilli(1000));
        try (LateTraffic traffic = LateTraffic.create(broker, broker.fresh("progress") + ".");
                Admin admin = traffic.topics().clients().admin();
                LabelProgress progress = new LabelProgress(
                        traffic.topics().clients().admin(),
                        traffic.topics().topics(),
                        GROUP,
                        now::get,
                        Duration.ZERO)) {
            // Given
            assertThat(progress.getAsLong()).isEqualTo(LabelProgress.UNKNOWN);
            reach(progress, 1000);
            traffic.label("shop", "1", "good", Duration.ZERO);
            traffic.label("shop", "1", "bad", Duration.ZERO);
            traffic.flush();
            now.set(Instant.ofEpochMilli(2000));

            // When
            commit(admin, traffic.topics(), 1);
            answered(progress, 5);

            // Then
            assertThat(progress.getAsLong()).isEqualTo(1000);
            commit(admin, traffic.topics(), 2);
            reach(progress, 2000);
        }
    }

    private static void commit(Admin admin, TestTopics topics, long offset) throws Exception {
        TopicPartition partition = new TopicPartition(
                topics.topics().name(Topic.LABELS), topics.topics().partitionOf("1"));
        admin.alterConsumerGroupOffsets(GROUP, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static void reach(LabelProgress progress, long time) {
        Await.until("progress up to " + time, () -> {
            progress.look();
            return progress.getAsLong() == time;
        });
    }

    /** Lets the brokers answer at least {@code count} questions less one. */
    private static void answered(LabelProgress progress, int count) {
        AtomicInteger asked = new AtomicInteger();
        Await.until(count + " questions", () -> {
            if (progress.look()) {
                asked.incrementAndGet();
            }
            return asked.get() == count;
        });
    }
}
