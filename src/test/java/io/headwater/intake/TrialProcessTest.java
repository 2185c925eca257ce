package io.headwater.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.intake.TrialResult.Stage;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process is a shell script that answers as the process of a service does. */
@Timeout(60)
class TrialProcessTest {
    private static final TopicPartition SAMPLES = new TopicPartition("samples", 0);

    @Test
    void shouldPassRecordsThatAreFetchedAndPrepared() {
        assertThat(result("read line; printf FCD; read line")).isEqualTo(TrialResult.PASSED);
    }

    @Test
    void shouldFindARecordGuiltyThatEndsTheProcess() {
        assertThat(result("read line; printf F; exit 134"))
                .isEqualTo(new TrialResult.Guilty(Stage.DECODING, "ended with status 134"));
        assertThat(result("read line; printf FC; exit 134"))
                .isEqualTo(new TrialResult.Guilty(Stage.PREPARING, "ended with status 134"));
        assertThat(result("read line; exit 3"))
                .isEqualTo(new TrialResult.Guilty(Stage.FETCHING, "ended with status 3"));
    }

    @Test
    void shouldFindARecordGuiltyThatTakesTooLong() {
        assertThat(result("read line; printf F; read line"))
                .isEqualTo(new TrialResult.Guilty(Stage.DECODING, "took more than 1 s"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"read line; printf U; read line", "read line; printf F; exit 143", "read line; exit 130"})
    void shouldNotBlameARecordForWhatLiesElsewhere(String script) {
        assertThatThrownBy(() -> result(script)).isInstanceOf(UncheckedIOException.class);
    }

    private static TrialResult result(String script) {
        try (TrialProcess trial = new TrialProcess(
                () -> new ProcessBuilder("sh", "-c", "printf R; " + script).start(), Duration.ofSeconds(1))) {
            return trial.of(SAMPLES, 5);
        }
    }
}
