package io.headwater.adapt.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StratumWeightsTest {

    @Property
    void shouldGiveTheExpectedMixOfAStepTheFrequenciesOfTheStream(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 1000) Integer> counts,
            @ForAll @IntRange(min = 1, max = 64) int fresh,
            @ForAll @IntRange(max = 256) int replayed) {
        int[] ofStream = counts.stream().mapToInt(Integer::intValue).toArray();
        StratumWeights weights = new StratumWeights(ofStream, ofStream, fresh, replayed);
        double all = Arrays.stream(ofStream).sum();

        for (int stratum = 0; stratum < ofStream.length; stratum++) {
            double frequency = ofStream[stratum] / all;
            double share = (fresh * frequency + replayed / (double) ofStream.length) / (fresh + replayed);
            assertThat(share * weights.weight(stratum, false)).isCloseTo(frequency, within(1e-9));
            assertThat(share * weights.weight(stratum, true)).isCloseTo(1.0 / ofStream.length, within(1e-9));
            assertThat(weights.weight(stratum, false)).isLessThanOrEqualTo((fresh + replayed) / (double) fresh + 1e-9);
        }
    }

    @Test
    void shouldWeighSamplesOfAStratumThatCannotBeReplayedYet() {
        StratumWeights weights = new StratumWeights(new int[] {9, 1}, new int[] {9, 0}, 2, 8);

        // The step is expected to contain 0.2 samples of the rare stratum, a tenth of the new ones.
        assertThat(weights.weight(1, false)).isCloseTo(0.1 * 10 / 0.2, within(1e-9));
    }

    @Test
    void shouldNotChangeStepsOfOneStratum() {
        assertThat(new StratumWeights(new int[] {7}, new int[] {5}, 2, 8).weight(0, false))
                .isEqualTo(1);
        assertThat(new StratumWeights(new int[] {7}, new int[] {5}, 2, 8).weight(0, true))
                .isEqualTo(1);
    }
}
