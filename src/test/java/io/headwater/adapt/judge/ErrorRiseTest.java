package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorRiseTest {

    @Test
    void shouldRaiseAFalseAlarmOnAtMostOneStreamInAHundred() {
        int alarms = 0;
        for (int stream = 0; stream < 1000; stream++) {
            Random random = new Random(stream);
            alarms += alarm(ErrorRise.of("error"), random, 1000, 0.2, 0.4).isPresent() ? 1 : 0;
        }
        assertThat(alarms).isLessThanOrEqualTo(10);
    }

    @Test
    void shouldNoticeARiseAndSayWhatTheErrorWas() {
        ErrorRise rise = ErrorRise.of("error");
        Random random = new Random(1);
        assertThat(alarm(rise, random, 500, 0.1, 0.1)).isEmpty();

        Optional<Change> change = alarm(rise, random, 200, 0.5, 0.5);

        assertThat(change).hasValueSatisfying(noticed -> {
            assertThat(noticed.signal()).isEqualTo("error");
            assertThat(noticed.evidence()).isGreaterThanOrEqualTo(noticed.threshold());
        });
        assertThat(rise.usualError()).isBetween(0.05, 0.2);
    }

    /** The classes have different errors; that there are more samples of the difficult one is no change. */
    @Test
    void shouldNotMistakeOtherProportionsOfTheClassesForARise() {
        ErrorRise rise = ErrorRise.of("error");
        Random random = new Random(2);
        for (int i = 0; i < 400; i++) {
            assertThat(observe(rise, random, i % 10 == 0 ? 1 : 0, 0.05, 0.5)).isEmpty();
        }
        for (int i = 0; i < 400; i++) {
            assertThat(observe(rise, random, 1, 0.05, 0.5)).isEmpty();
        }
    }

    @Test
    void shouldIgnoreSamplesOfNewClasses() {
        ErrorRise rise = ErrorRise.of("error");
        assertThat(alarm(rise, new Random(3), 100, 0.1, 0.1)).isEmpty();

        for (int i = 0; i < 100; i++) {
            assertThat(rise.observe(1, -1)).isEmpty();
        }
    }

    private static Optional<Change> alarm(ErrorRise rise, Random random, int samples, double first, double second) {
        for (int i = 0; i < samples; i++) {
            Optional<Change> change = observe(rise, random, i % 2, first, second);
            if (change.isPresent()) {
                return change;
            }
        }
        return Optional.empty();
    }

    private static Optional<Change> observe(ErrorRise rise, Random random, int stratum, double first, double second) {
        double error = stratum == 0 ? first : second;
        return rise.observe(random.nextDouble() < error ? 1 : 0, stratum);
    }
}
