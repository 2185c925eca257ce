package io.headwater.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecoveryPaceTest {
    private final long[] now = {Long.MAX_VALUE}; // the clock of System.nanoTime may overflow
    private final RecoveryPace pace = new RecoveryPace(() -> now[0]);

    @Test
    void shouldTellOfAFaultThatLastsOnceAMinute() {
        int told = 0;
        for (int second = 0; second < 180; second++) {
            told += pace.isNews(fault("attempt " + second)) ? 1 : 0;
            now[0] += Duration.ofSeconds(1).toNanos();
        }

        assertThat(told).isEqualTo(3);
        assertThat(pace.takeUntold()).isEqualTo(177);
        assertThat(pace.takeUntold()).isZero();
    }

    @Test
    void shouldTellOfEachKindOfFaultAlsoWhenTheyAlternate() {
        assertThat(pace.isNews(fault("no disk"))).isTrue();
        assertThat(pace.isNews(new IllegalStateException("no broker"))).isTrue();
        assertThat(pace.isNews(new UncheckedIOException(new EOFException()))).isTrue();
        assertThat(pace.isNews(fault("no disk"))).isFalse();
        assertThat(pace.isNews(new IllegalStateException("no broker"))).isFalse();
    }

    @Test
    void shouldWaitLongerAfterEachFailureUntilTheRoleSucceeds() {
        assertThat(pace.nextPause()).isEqualTo(RecoveryPace.FIRST_PAUSE);
        assertThat(pace.nextPause()).isEqualTo(RecoveryPace.FIRST_PAUSE.multipliedBy(2));
        for (int i = 0; i < 10; i++) {
            pace.nextPause();
        }
        assertThat(pace.nextPause()).isEqualTo(RecoveryPace.LONGEST_PAUSE);

        pace.succeeded();
        assertThat(pace.nextPause()).isEqualTo(RecoveryPace.FIRST_PAUSE);
    }

    private static UncheckedIOException fault(String message) {
        return new UncheckedIOException(new IOException(message));
    }
}
