package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishingPaceTest {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    @ParameterizedTest
    @CsvSource({"0, 500", "60, 500", "100, 800", "170, 1360", "300, 1300", "800, 800", "1200, 500", "9000, 500"})
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

    @ParameterizedTest
    @CsvSource({"500, true", "1600, true", "1601, false", "30000, false"})
    void shouldCallSoonWhatIsPublishedWithinTwoSeconds(long patience, boolean soon) {
        assertThat(PublishingPace.isSoon(Duration.ofMillis(patience))).isEqualTo(soon);
    }
}
