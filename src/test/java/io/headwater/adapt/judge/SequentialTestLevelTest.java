package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How often a {@link SequentialTest} errs, and how many samples it needs, by simulation with fixed seeds. */
class SequentialTestLevelTest {
    private static final double LEVEL = 0.05;

    /** Scores of 0 or 1, by the probabilities that only the challenger and that only the champion is right. */
    @FunctionalInterface
    private interface Stream {
        double[] at(int sample);
    }

    @Test
    void shouldRejectAtMostTheLevelOfTenThousandEqualChallengers() {
        assertThat(rejections(10_000, 1000, 0, sample -> new double[] {0.1, 0.1}))
                .isLessThanOrEqualTo(LEVEL);
    }

    @Test
    void shouldRejectAtMostTheLevelAtTheSmallestEffect() {
        assertThat(rejections(2_000, 1000, 0.02, sample -> new double[] {0.06, 0.04}))
                .isLessThanOrEqualTo(LEVEL);
    }

    @Test
    void shouldRejectAtMostTheLevelOfDriftingChallengersThatAreNeverBetter() {
        assertThat(rejections(4_000, 1000, 0, sample -> {
                    double worse = 0.1 * (1 + Math.sin(sample / 60.0));
                    return new double[] {0.2 - worse / 2, 0.2 + worse / 2};
                }))
                .isLessThanOrEqualTo(LEVEL);
    }

    /** Disagreements come in runs of 50 samples, as when a domain that is hard for both comes and goes. */
    @Test
    void shouldRejectAtMostTheLevelWhenDisagreementsComeInRuns() {
        assertThat(rejections(4_000, 1000, 0, sample -> {
                    double disagreement = sample / 50 % 3 == 0 ? 0.4 : 0.02;
                    return new double[] {disagreement / 2, disagreement / 2};
                }))
                .isLessThanOrEqualTo(LEVEL);
    }

    /** The last outcome decides which of both fares worse on the next sample, and the challenger is never favoured. */
    @Test
    void shouldRejectAtMostTheLevelWhenOutcomesDependOnThePast() {
        int rejected = 0;
        int challengers = 4_000;
        for (int seed = 0; seed < challengers; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SequentialTest test = new SequentialTest(0);
            double last = 0;
            for (int i = 0; i < 1000 && test.evidence() < Math.log(1 / LEVEL); i++) {
                double challengerOnly = last > 0 ? 0.25 : 0.05;
                double championOnly = last < 0 ? 0.25 : challengerOnly;
                last = add(test, challengerOnly, championOnly, random);
            }
            rejected += test.evidence() >= Math.log(1 / LEVEL) ? 1 : 0;
        }

        assertThat(rejected / (double) challengers).isLessThanOrEqualTo(LEVEL);
    }

    /**
     * A gain of 2 points when 10 % of the outcomes differ: the paired test of fixed size needs (1.645 + 0.842)² ×
     * variance / gain² samples at this level with a power of 80 %.
     */
    @Test
    void shouldFindAGainOfTwoPointsInOneAndAHalfTimesTheSamplesOfTheFixedTest() {
        double fixed = Math.pow(1.645 + 0.842, 2) * (0.1 - 0.02 * 0.02) / (0.02 * 0.02);

        int[] needed = needed(400, 10_000, 0, new double[] {0.06, 0.04});

        assertThat(Arrays.stream(needed).average().orElseThrow()).isLessThan(1.5 * fixed);
        assertThat(needed[needed.length / 2]).isLessThan((int) (1.25 * fixed));
    }

    @Test
    void shouldFindAGainOfFiftyPointsInTwentySamples() {
        int[] needed = needed(1000, 1000, 0, new double[] {0.5, 0});

        assertThat(needed[needed.length / 2]).isLessThanOrEqualTo(16);
        assertThat(needed[needed.length * 8 / 10]).isLessThanOrEqualTo(20);
    }

    @Test
    void shouldFindAGainThatBeginsAfterAThousandSamplesWithoutOne() {
        int[] needed = needed(300, 3000, 1000, new double[] {0.55, 0.05});

        assertThat(needed[needed.length * 5 / 100]).isGreaterThan(1000);
        assertThat(needed[needed.length / 2]).isLessThanOrEqualTo(1060);
    }

    private static double rejections(int challengers, int samples, double smallestEffect, Stream stream) {
        int rejected = 0;
        for (int seed = 0; seed < challengers; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SequentialTest test = new SequentialTest(smallestEffect);
            for (int i = 0; i < samples; i++) {
                double[] only = stream.at(i);
                if (add(test, only[0], only[1], random) > 0 && test.evidence() >= Math.log(1 / LEVEL)) {
                    rejected++;
                    break;
                }
            }
        }
        return rejected / (double) challengers;
    }

    /** Returns how many samples were needed in each run, in ascending order; before {@code from} the gain is -2 points. */
    private static int[] needed(int runs, int limit, int from, double[] only) {
        int[] needed = new int[runs];
        for (int seed = 0; seed < runs; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SequentialTest test = new SequentialTest(0);
            needed[seed] = limit;
            for (int i = 0; i < limit; i++) {
                boolean gains = i >= from;
                if (add(test, gains ? only[0] : 0.09, gains ? only[1] : 0.11, random) > 0
                        && test.evidence() >= Math.log(1 / LEVEL)) {
                    needed[seed] = i + 1;
                    break;
                }
            }
        }
        Arrays.sort(needed);
        return needed;
    }

    private static double add(
            SequentialTest test, double challengerOnly, double championOnly, SplittableRandom random) {
        double draw = random.nextDouble();
        double challenger = draw < challengerOnly ? 1 : 0;
        double champion = draw >= challengerOnly && draw < challengerOnly + championOnly ? 1 : 0;
        test.add(challenger, champion);
        return challenger - champion;
    }
}
