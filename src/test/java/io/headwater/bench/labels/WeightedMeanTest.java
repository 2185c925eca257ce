package io.headwater.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.ask.AnsweredRequest;
import io.headwater.adapt.ask.Choice;
import io.headwater.adapt.ask.LaneAsks;
import io.headwater.bench.labels.WeightedMean.Range;
import io.headwater.config.ask.AsksConfig;
import io.headwater.config.ask.AsksConfig.Strategy;
import io.headwater.domain.Lane;
import io.headwater.engine.SplitMix64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedMeanTest {
    private static final double NINETY_FIVE = 1.96;

    /** The errors of a stream, and what is known of them from the labels of those requests that were chosen. */
    private record Stream(double truth, double unweighted, WeightedMean weighted) {

        /** A calibrated lane: a prediction with this risk is wrong with the same probability. */
        static Stream of(long seed, int requests) {
            AsksConfig config = new AsksConfig(Strategy.MARGIN, 0.25, 0, 0.2);
            LaneAsks asks = new LaneAsks(config, seed, new Lane("reviews", "shop"));
            WeightedMean weighted = WeightedMean.clippedAt(WeightedMean.USUAL_LARGEST_WEIGHT);
            int wrong = 0;
            int chosen = 0;
            int wrongOfChosen = 0;
            for (int i = 0; i < requests; i++) {
                SplitMix64 random = new SplitMix64(seed, i);
                double risk = unit(random) / 2;
                int error = unit(random) < risk ? 1 : 0;
                Choice choice = asks.choose("r" + i, new AnsweredRequest(List.of(), risk, new float[0]), 0);
                wrong += error;
                if (choice.isChosen()) {
                    chosen++;
                    wrongOfChosen += error;
                    weighted = weighted.plus(error, choice.probability());
                }
            }
            return new Stream((double) wrong / requests, (double) wrongOfChosen / chosen, weighted);
        }

        private static double unit(SplitMix64 random) {
            return (random.nextLong() >>> 11) * 0x1p-53;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldBeWithinAPointOfTheTruthWhereTheUnweightedMeanIsFarOff(long seed) {
        Stream stream = Stream.of(seed, 200_000);

        assertThat(stream.unweighted() - stream.truth()).isGreaterThan(0.05);
        assertThat(stream.weighted().mean()).isCloseTo(stream.truth(), within(0.01));
        assertThat(stream.weighted().effective()).isLessThan(stream.weighted().count());
    }

    @Test
    void shouldContainTheTruthInItsRangeAsOftenAsAsked() {
        int runs = 200;
        int contained = 0;
        for (int seed = 1; seed <= runs; seed++) {
            Stream stream = Stream.of(seed, 2000);
            Range range = stream.weighted().range(NINETY_FIVE);
            contained += range.low() <= stream.truth() && stream.truth() <= range.high() ? 1 : 0;
            assertThat(range.high() - range.low()).isLessThan(0.25);
        }

        assertThat(contained).isGreaterThanOrEqualTo(runs * 9 / 10);
    }

    @Test
    void shouldBeTheMeanWhereAllAreChosenAlike() {
        WeightedMean mean = WeightedMean.clippedAt(100);
        for (int i = 0; i < 100; i++) {
            mean = mean.plus(i % 4 == 0 ? 1 : 0, 0.5);
        }

        assertThat(mean.mean()).isCloseTo(0.25, within(1e-12));
        assertThat(mean.effective()).isCloseTo(100, within(1e-9));
        assertThat(mean.error()).isCloseTo(Math.sqrt(0.25 * 0.75 / 99), within(1e-12));
    }

    @Test
    void shouldLeanTowardsOthersWhereAWeightIsClipped() {
        WeightedMean whole = WeightedMean.clippedAt(1000).plus(1, 0.001).plus(0, 1);
        WeightedMean clipped = WeightedMean.clippedAt(4).plus(1, 0.001).plus(0, 1);

        assertThat(whole.mean()).isCloseTo(1000.0 / 1001, within(1e-12));
        assertThat(clipped.mean()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void shouldSayThatItDoesNotKnow() {
        WeightedMean none = WeightedMean.clippedAt(100);

        assertThat(none.mean()).isNaN();
        assertThat(none.error()).isNaN();
        assertThat(none.effective()).isZero();
        assertThat(none.range(2)).isEqualTo(new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
        assertThat(none.plus(1, 1).range(2)).isEqualTo(new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    }

    @Test
    void shouldRefuseWhatWasNotChosen() {
        WeightedMean none = WeightedMean.clippedAt(100);

        assertThatThrownBy(() -> none.plus(1, 0)).hasMessageContaining("probability 0.0", "leave out");
        assertThatThrownBy(() -> none.plus(1, 1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> none.plus(Double.NaN, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> WeightedMean.clippedAt(0.5)).hasMessageContaining("at least 1");
    }
}
