package io.headwater.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.testing.Sections;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** False alarms and delays of the detectors of changes in errors, by simulation with fixed seeds. */
class DriftDetectorTest {
    private static final int STREAMS = 40;
    private static final int SAMPLES = 10_000;

    /** Three standard deviations of the count are allowed above the level of 5 %. */
    private static final int ALARMS = 6;

    @ParameterizedTest
    @EnumSource(ErrorDetector.class)
    void shouldRaiseFewFalseAlarmsOnStationaryStreams(ErrorDetector kind) {
        for (double rate : new double[] {0.02, 0.1, 0.4}) {
            assertThat(alarms(kind, rate, false)).as("error rate %s", rate).isLessThanOrEqualTo(ALARMS);
        }
        assertThat(alarms(kind, 0.3, true)).as("graded errors").isLessThanOrEqualTo(ALARMS);
    }

    private static int alarms(ErrorDetector kind, double rate, boolean graded) {
        int alarms = 0;
        for (int seed = 0; seed < STREAMS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            DriftDetector detector = kind.create();
            for (int i = 0; i < SAMPLES; i++) {
                if (detector.add(error(rate, graded, random)).level() == DriftLevel.DRIFT) {
                    alarms++;
                    break;
                }
            }
        }
        return alarms;
    }

    /** The median delay of each detector, in samples, when the error rate rises after 2,000 samples. */
    @ParameterizedTest
    @CsvSource({
        "ADWIN,0.1,0.5,60",
        "ADWIN,0.1,0.2,400",
        "DDM,0.1,0.5,200",
        "PAGE_HINKLEY,0.1,0.5,60",
        "PAGE_HINKLEY,0.1,0.2,300",
        "KSWIN,0.1,0.5,80",
        "KSWIN,0.3,0.6,150"
    })
    void shouldDetectAnAbruptChangeSoon(ErrorDetector kind, double before, double after, int delay) {
        int[] delays = new int[STREAMS];
        for (int seed = 0; seed < STREAMS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            DriftDetector detector = kind.create();
            for (int i = 0; i < 2000; i++) {
                detector.add(error(before, false, random));
            }
            while (delays[seed] < 3000
                    && detector.add(error(after, false, random)).level() != DriftLevel.DRIFT) {
                delays[seed]++;
            }
        }
        Arrays.sort(delays);

        assertThat(delays[STREAMS / 2]).isLessThanOrEqualTo(delay);
    }

    @ParameterizedTest
    @EnumSource(ErrorDetector.class)
    void shouldWarnBeforeItReportsADriftAndThenBeginAnew(ErrorDetector kind) {
        SplittableRandom random = new SplittableRandom(4);
        DriftDetector detector = kind.create();
        boolean[] seen = new boolean[DriftLevel.values().length];
        int drifts = 0;
        for (int i = 0; i < 9000; i++) {
            DriftReading reading = detector.add(error(i < 3000 ? 0.1 : 0.4, false, random));
            seen[reading.level().ordinal()] = true;
            if (reading.level() == DriftLevel.DRIFT) {
                drifts++;
                assertThat(reading.statistic()).isGreaterThanOrEqualTo(reading.threshold());
            }
        }

        assertThat(seen).containsOnly(true);
        assertThat(drifts).isBetween(1, 3);
    }

    @ParameterizedTest
    @EnumSource(ErrorDetector.class)
    void shouldTakeFewerErrorsForLearning(ErrorDetector kind) {
        SplittableRandom random = new SplittableRandom(5);
        DriftDetector detector = kind.create();
        for (int i = 0; i < 4000; i++) {
            assertThat(detector.add(error(i < 2000 ? 0.6 : 0.1, false, random)).level())
                    .isNotEqualTo(DriftLevel.DRIFT);
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorDetector.class)
    void shouldContinueFromItsSectionToTheBit(ErrorDetector kind) {
        SplittableRandom random = new SplittableRandom(6);
        DriftDetector detector = kind.create();
        for (int i = 0; i < 1234; i++) {
            detector.add(random.nextDouble() * 0.4);
        }

        DriftDetector restored = kind.read(Sections.written(detector::write));

        for (int i = 0; i < 1000; i++) {
            double error = random.nextDouble() * (i < 300 ? 0.4 : 1);
            assertThat(restored.add(error)).isEqualTo(detector.add(error));
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorDetector.class)
    void shouldRejectWhatIsNotAnError(ErrorDetector kind) {
        assertThatThrownBy(() -> kind.create().add(1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 1, but is 1.1");
    }

    @Test
    void shouldKeepTheWindowOfAdwinSmall() {
        AdwinWindow window = new AdwinWindow();
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            window.add(i % 7 / 7.0);
            sum += i % 7 / 7.0;
        }

        assertThat(window.buckets()).hasSizeLessThan(90);
        assertThat(window.total().count()).isEqualTo(100_000);
        assertThat(window.total().sum()).isCloseTo(sum, within(1e-6));
    }

    /** An error of 0 or 1, or one in between, with this mean. */
    private static double error(double mean, boolean graded, SplittableRandom random) {
        double draw = random.nextDouble();
        if (graded) {
            return Math.pow(draw, (1 - mean) / mean);
        }
        return draw < mean ? 1 : 0;
    }
}
