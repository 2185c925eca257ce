package io.headwater.bench.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleStreamTest {
    private final FeatureSet set = GeneratedSets.manyUnits();

    @Test
    void shouldTakeAsManySamplesOfEachClassAsAsked() {
        SampleStream stream = SampleStream.perClass(set, 8, 1);

        assertThat(stream.size()).isEqualTo(80);
        assertThat(Arrays.stream(stream.labels()).filter(label -> label == 3)).hasSize(8);
        assertThat(stream.samples())
                .isNotEqualTo(SampleStream.perClass(set, 8, 2).samples());
    }

    @Test
    void shouldKeepSamplesAndLabelsTogetherWhenSorted() {
        SampleStream sorted =
                SampleStream.perClass(set, 8, 1).sortedBy(set.train().labels());

        assertThat(sorted.labels()).isSorted();
        assertThat(IntStream.of(sorted.samples()).map(i -> set.train().labels()[i]))
                .containsExactly(Arrays.stream(sorted.labels()).boxed().toArray(Integer[]::new));
    }

    @Test
    void shouldChangeOnlyLabelsOfTheNoisyStretch() {
        SampleStream clean = SampleStream.shuffled(set, 1);
        SampleStream noisy = clean.withNoise(1, 100, 200, 1);

        assertThat(IntStream.range(0, clean.size()).filter(i -> clean.labels()[i] != noisy.labels()[i]))
                .containsExactly(IntStream.range(100, 200).boxed().toArray(Integer[]::new));
    }

    @Test
    void shouldNameEachClassLikeTheNextOneOnceRotated() {
        SampleStream stream = SampleStream.shuffled(set, 1);
        SampleStream rotated = stream.rotatedFrom(500);

        assertThat(rotated.labels()[499]).isEqualTo(stream.labels()[499]);
        assertThat(rotated.labels()[500]).isEqualTo((stream.labels()[500] + 1) % 10);
    }
}
