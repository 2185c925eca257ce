package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnEmbeddedBroker
@Timeout(120)
class LaneLimitsTest {
    private static final long MINUTE = 60_000;
    /** The beginning of a minute, not long ago, so that no retention deletes the samples. */
    private static final long START = (System.currentTimeMillis() / MINUTE - 10) * MINUTE;

    @TempDir
    Path folder;

    /** Each sample is read once, or all but one are read by another trainer than the one before. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginNoMoreLanesThanAllowed(boolean restarts, BrokerUnderTest broker) {
        try (Installation installation = open(broker, 2, 1000)) {
            String[] domains = {"a", "b", "c", "a", "d", "b", "c"};
            for (int i = 0; i < domains.length; i++) {
                send(installation, domains[i], "good", START + i);
                if (restarts) {
                    installation.train();
                }
            }
            installation.train();

            assertThat(reasons(installation))
                    .isEqualTo(Map.of(2L, Reason.TOO_MANY_LANES, 4L, Reason.TOO_MANY_LANES, 6L, Reason.TOO_MANY_LANES));
            History history = new History(installation);
            assertThat(learned(history, "a")).isEqualTo(2);
            assertThat(learned(history, "b")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginNoMoreLanesInAMinuteThanAllowed(boolean restarts, BrokerUnderTest broker) {
        try (Installation installation = open(broker, 1000, 2)) {
            Object[][] samples = {
                {"a", START},
                {"b", START + MINUTE - 1},
                {"c", START + 1},
                {"c", START + MINUTE},
                {"d", START + 5},
                {"d", START + MINUTE + 1},
                {"e", START + MINUTE + 2},
                {"a", START + MINUTE + 3},
                {"e", START + 2 * MINUTE}
            };
            for (Object[] sample : samples) {
                send(installation, (String) sample[0], "good", (long) sample[1]);
                if (restarts) {
                    installation.train();
                }
            }
            installation.train();

            assertThat(reasons(installation))
                    .isEqualTo(Map.of(2L, Reason.TOO_MANY_LANES, 4L, Reason.TOO_MANY_LANES, 6L, Reason.TOO_MANY_LANES));
        }
    }

    @Test
    void shouldNotCountALaneWhoseFirstSampleIsOfNoUse(BrokerUnderTest broker) {
        try (Installation installation = open(broker, 1, 1000)) {
            send(installation, "a", "unknown", START);
            send(installation, "b", "good", START);
            send(installation, "a", "good", START);
            installation.train();

            assertThat(reasons(installation)).isEqualTo(Map.of(0L, Reason.BAD_LABEL, 2L, Reason.TOO_MANY_LANES));
        }
    }

    private static int learned(History history, String domain) {
        return history.versions(domain).stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
    }

    private static Map<Long, Reason> reasons(Installation installation) {
        Map<Long, Reason> reasons = new TreeMap<>();
        new History(installation).deadLetters().forEach((place, reason) -> reasons.put(place.offset(), reason));
        return reasons;
    }

    private Installation open(BrokerUnderTest broker, int lanes, int lanesPerMinute) {
        LimitsConfig limits = LimitsConfig.DEFAULT;
        AdaptationConfig config = Adaptations.text(CheckpointConfig.DEFAULT)
                .withLabels(List.of("good", "bad"))
                .withLimits(new LimitsConfig(
                        limits.textBytes(),
                        limits.imageBytes(),
                        limits.imagePixels(),
                        limits.audioBytes(),
                        limits.audioSeconds(),
                        limits.classes(),
                        lanes,
                        lanesPerMinute));
        Installation installation = Installation.of(config, broker, new FileArtifactStore(folder, 1 << 24))
                .partitions(1)
                .open();
        withTimesOfProducers(broker, installation);
        return installation.createTopics();
    }

    /** Creates the samples topic with the times that the test chooses; by default, brokers set the time of records. */
    private static void withTimesOfProducers(BrokerUnderTest broker, Installation installation) {
        NewTopic samples = new NewTopic(installation.topics().name(Topic.SAMPLES), 1, (short) 1)
                .configs(Map.of(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(64 << 20)));
        try (Admin admin = broker.admin()) {
            admin.createTopics(List.of(samples)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the samples topic could not be created", e);
        }
    }

    private static void send(Installation installation, String domain, String label, long timestamp) {
        installation.send(
                new ProducerRecord<>(
                        installation.topics().name(Topic.SAMPLES),
                        0,
                        timestamp,
                        domain.getBytes(StandardCharsets.UTF_8),
                        installation.value(new Payload.Text("some words of " + domain), label)),
                true);
        installation.flush();
    }
}
