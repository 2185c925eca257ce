package io.headwater.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.DriftConfig;
import io.headwater.config.DriftConfig.Detector;
import io.headwater.config.DriftConfig.Features;
import io.headwater.config.DriftConfig.Response;
import io.headwater.testing.Sections;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what all detectors of a lane report together. */
class DriftMonitorTest {
    private static final int WIDTH = 3;
    private static final DriftConfig ALL = config(List.of(Detector.values()), Features.MMD, 500);

    private static DriftConfig config(List<Detector> detectors, Features features, int cooldown) {
        return new DriftConfig(detectors, features, cooldown, Response.CONTEND, Response.CONTEND);
    }

    @Test
    void shouldReportAChangeOnceDuringTheCooldown() {
        DriftMonitor monitor = DriftMonitor.create(ALL, WIDTH);

        List<Drift> before = run(monitor, 1, 3000, 1, 0.1, 0);
        List<Drift> after = run(monitor, 3001, 500, 2, 0.6, 0);

        assertThat(before).isEmpty();
        assertThat(after).filteredOn(one -> one.level() == DriftLevel.DRIFT).hasSize(1);
        assertThat(after).filteredOn(one -> one.level() == DriftLevel.WARNING).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void shouldReportEveryDetectorWithoutACooldown() {
        DriftMonitor monitor = DriftMonitor.create(config(List.of(Detector.values()), Features.MMD, 0), WIDTH);

        run(monitor, 1, 3000, 1, 0.1, 0);
        List<Drift> after = run(monitor, 3001, 1000, 2, 0.6, 3);

        assertThat(after)
                .filteredOn(one -> one.level() == DriftLevel.DRIFT)
                .extracting(Drift::detector)
                .contains("adwin", "ddm", "page-hinkley", "kswin", "feature-mmd");
    }

    @ParameterizedTest
    @EnumSource(Detector.class)
    void shouldEstimateWhereTheChangeBegan(Detector detector) {
        DriftMonitor monitor = DriftMonitor.create(config(List.of(detector), Features.NONE, 0), WIDTH);

        run(monitor, 1, 3000, 3, 0.1, 0);
        Drift drift = run(monitor, 3001, 1000, 4, 0.6, 0).stream()
                .filter(one -> one.level() == DriftLevel.DRIFT)
                .findFirst()
                .orElseThrow();

        assertThat(drift.signal()).isEqualTo(Drift.LEARNER_ERROR);
        // The drift detection method counts from its first warning, which is late.
        assertThat(drift.from()).isBetween(2950L, detector == Detector.DDM ? 3200L : 3060L);
    }

    @Test
    void shouldTakeTheMeanOfTheRowsOfASample() {
        DriftMonitor one = DriftMonitor.create(config(List.of(), Features.MEANS, 0), 2);
        DriftMonitor rows = DriftMonitor.create(config(List.of(), Features.MEANS, 0), 2);
        SplittableRandom random = new SplittableRandom(7);
        int signals = 0;
        for (int i = 1; i <= 1500; i++) {
            float shift = i > 1000 ? 2 : 0;
            float a = (float) random.nextDouble() + shift;
            float b = (float) random.nextDouble();
            List<Drift> seen = one.add(i, Double.NaN, new float[] {a, b}, i % 2);
            signals += seen.size();
            assertThat(rows.add(i, Double.NaN, new float[] {a - 0.5f, b + 0.25f, a + 0.5f, b - 0.25f}, i % 2))
                    .hasSameSizeAs(seen);
        }
        assertThat(signals).isPositive();
    }

    @Test
    void shouldContinueFromItsSection() {
        DriftMonitor monitor = DriftMonitor.create(ALL, WIDTH);
        run(monitor, 1, 2000, 5, 0.1, 0);
        run(monitor, 2001, 40, 6, 0.5, 1);

        DriftMonitor restored = DriftMonitor.read(ALL, WIDTH, Sections.written(monitor::write));

        assertThat(run(restored, 2041, 1500, 8, 0.6, 2)).isEqualTo(run(monitor, 2041, 1500, 8, 0.6, 2));
    }

    @Test
    void shouldBeginWithADetectorThatIsConfiguredLater() {
        DriftMonitor adwin = DriftMonitor.create(config(List.of(Detector.ADWIN), Features.NONE, 0), WIDTH);
        run(adwin, 1, 100, 1, 0.1, 0);

        DriftMonitor all = DriftMonitor.read(ALL, WIDTH, Sections.written(adwin::write));

        assertThat(run(all, 101, 100, 2, 0.1, 0)).isEmpty();
    }

    private static List<Drift> run(DriftMonitor monitor, long from, int samples, long seed, double rate, double shift) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Drift> drifts = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            float[] features = new float[WIDTH];
            for (int f = 0; f < WIDTH; f++) {
                features[f] = (float) (random.nextDouble() + shift);
            }
            drifts.addAll(monitor.add(from + i, random.nextDouble() < rate ? 1 : 0, features, i % 2));
        }
        return drifts;
    }
}
