package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaSettingsTest {
    @Test
    void shouldGiveUpInTime() {
        KafkaSettings settings = new KafkaSettings("localhost:9092", Map.of("client.id", "mine"));

        assertThat(settings.givingUpAfter(Duration.ofSeconds(5)).extra())
                .isEqualTo(Map.of(
                        "client.id", "mine",
                        "default.api.timeout.ms", "5000",
                        "request.timeout.ms", "5000",
                        "max.block.ms", "5000",
                        "delivery.timeout.ms", "5000"));
        assertThat(settings.givingUpAfter(Duration.ofMinutes(2)).extra())
                .containsEntry("delivery.timeout.ms", "120000")
                .containsEntry("request.timeout.ms", "30000");
    }

    @Test
    void shouldLeaveTheLimitsOfAUser() {
        KafkaSettings settings = new KafkaSettings("localhost:9092", Map.of("request.timeout.ms", "90000"));

        assertThat(settings.givingUpAfter(Duration.ofSeconds(5))).isEqualTo(settings);
    }
}
