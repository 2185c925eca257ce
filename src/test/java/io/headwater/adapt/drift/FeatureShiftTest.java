package io.headwater.adapt.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.testing.Sections;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** False alarms and delays of the detectors of changes in features, by simulation with fixed seeds. */
class FeatureShiftTest {
    private static final int FEATURES = 16;
    private static final int CLASSES = 4;
    private static final int STREAMS = 30;

    /** More than three standard deviations of the count are allowed above the level of 5 %. */
    private static final int ALARMS = 6;

    private enum Kind {
        MAXIMUM_MEAN_DISCREPANCY(() -> FeatureShift.maximumMeanDiscrepancy(FEATURES)),
        MEANS(() -> FeatureShift.means(FEATURES)),
        CLASS_MEANS(() -> FeatureShift.means(FEATURES));

        private final Supplier<FeatureShift> create;

        Kind(Supplier<FeatureShift> create) {
            this.create = create;
        }

        int group(int label) {
            return this == CLASS_MEANS ? label : 0;
        }
    }

    /** What changes after 1,500 samples. */
    private enum Change {
        NOTHING,
        MEANS,
        SPREAD,
        FREQUENCIES
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldRaiseFewFalseAlarmsOnStationaryStreams(Kind kind) {
        long alarms = Arrays.stream(delays(kind, Change.NOTHING, 8500))
                .filter(delay -> delay < 8500)
                .count();

        assertThat(alarms).isLessThanOrEqualTo(ALARMS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldDetectThatFeaturesMoved(Kind kind) {
        assertThat(delays(kind, Change.MEANS, 3000)[STREAMS / 2]).isLessThanOrEqualTo(200);
    }

    @Test
    void shouldDetectThatFeaturesSpreadByTheirDiscrepancy() {
        assertThat(delays(Kind.MAXIMUM_MEAN_DISCREPANCY, Change.SPREAD, 3000)[STREAMS / 2])
                .isLessThanOrEqualTo(300);
    }

    @Test
    void shouldTakeOtherFrequenciesOfClassesForAChangeUnlessItKnowsThem() {
        assertThat(delays(Kind.MEANS, Change.FREQUENCIES, 3000)[STREAMS / 2]).isLessThanOrEqualTo(300);
        assertThat(Arrays.stream(delays(Kind.CLASS_MEANS, Change.FREQUENCIES, 3000))
                        .filter(delay -> delay < 3000)
                        .count())
                .isLessThanOrEqualTo(ALARMS);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldContinueFromItsSectionToTheBit(Kind kind) {
        for (int samples : new int[] {20, 300, 1500}) {
            SplittableRandom random = new SplittableRandom(samples);
            FeatureShift detector = kind.create.get();
            for (int i = 0; i < samples; i++) {
                int label = random.nextInt(CLASSES);
                detector.add(features(label, Change.NOTHING, random), kind.group(label));
            }

            FeatureShift restored = kind.create.get();
            restored.restore(Sections.written(detector::write));

            for (int i = 0; i < 1000; i++) {
                int label = random.nextInt(CLASSES);
                float[] features = features(label, Change.MEANS, random);
                assertThat(restored.add(features, kind.group(label)))
                        .isEqualTo(detector.add(features, kind.group(label)));
            }
        }
    }

    @Test
    void shouldStaySilentWhenFeaturesAreConstant() {
        for (Kind kind : Kind.values()) {
            FeatureShift detector = kind.create.get();
            for (int i = 0; i < 1000; i++) {
                assertThat(detector.add(new float[FEATURES], 0).level()).isEqualTo(DriftLevel.NONE);
            }
        }
    }

    @Test
    void shouldRejectAnotherNumberOfFeatures() {
        assertThatThrownBy(() -> FeatureShift.means(3).add(new float[2], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have 3 features");
    }

    /** Returns how many samples after the change each stream was found to have changed, in ascending order. */
    private static int[] delays(Kind kind, Change change, int limit) {
        int[] delays = new int[STREAMS];
        for (int seed = 0; seed < STREAMS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FeatureShift detector = kind.create.get();
            for (int i = 0; i < 1500; i++) {
                int label = random.nextInt(CLASSES);
                detector.add(features(label, Change.NOTHING, random), kind.group(label));
            }
            DriftLevel level = DriftLevel.NONE;
            while (delays[seed] < limit && level != DriftLevel.DRIFT) {
                int label = change == Change.FREQUENCIES ? random.nextInt(2) : random.nextInt(CLASSES);
                level = detector.add(features(label, change, random), kind.group(label))
                        .level();
                delays[seed]++;
            }
        }
        Arrays.sort(delays);
        return delays;
    }

    private static float[] features(int label, Change change, SplittableRandom random) {
        float[] features = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            double noise = random.nextGaussian() * (change == Change.SPREAD ? 2 : 1);
            double moved = change == Change.MEANS && i % 2 == 0 ? 1 : 0;
            features[i] = (float) (noise + moved + (i % CLASSES == label ? 2 : 0));
        }
        return features;
    }
}
