package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishingPaceTest {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    @ParameterizedTest
    @CsvSource({"0, 500", "100, 500", "400, 800", "600, 1200", "800, 1100", "1300, 600", "1500, 500", "9000, 500"})
    void shouldLeaveTimeForLearningButPublishEveryTwoSecondsIfPossible(long took, long patience) {
        PublishingPace pace = new PublishingPace(INTERVAL);

        pace.took(Duration.ofMillis(took));

        assertThat(pace.patience()).isEqualTo(Duration.ofMillis(patience));
    }

    @Test
    void shouldNotShortenALongInterval() {
        PublishingPace pace = new PublishingPace(Duration.ofHours(24));
        assertThat(pace.patience()).isEqualTo(Duration.ofHours(24));

        pace.took(Duration.ofMillis(800));

        assertThat(pace.patience()).isEqualTo(Duration.ofHours(24));
    }
}
