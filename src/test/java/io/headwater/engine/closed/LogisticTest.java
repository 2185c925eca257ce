package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LogisticTest {
    private static final float[][] ROWS = {
        {0.5f, 1, 0}, {1, 0.25f, -1}, {0, 0.75f, 0.5f}, {2, -0.5f, 1}, {2.5f, 0, 0.25f}, {1.5f, -1, 0.75f},
        {-1, -1, 2}, {-0.5f, -2, 2.5f}, {-1.5f, -0.25f, 1.75f}, {1.25f, 0.5f, 0.5f}, {0.25f, -1.5f, 1.5f}, {1, 0.5f, 2}
    };
    private static final int[] CLASSES = {0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 2};

    /** The optimum is that of scikit-learn 1.2.1: LogisticRegression(C=4/3, tol=1e-14, solver="newton-cg"). */
    @Test
    void shouldAgreeWithScikitLearn() {
        LinearWeights weights = Logistic.fit(ROWS, CLASSES, 3, moments(ROWS, CLASSES), null, 4);

        assertClose(
                weights.weights(),
                5e-4,
                -0.2794982286,
                0.9098098305,
                -0.6303116019,
                0.8384660118,
                -0.9610483224,
                0.1225823106,
                -0.9881374190,
                -0.1405981284,
                1.1287355474);
        assertClose(weights.biases(), 5e-4, 1.3706309766, -0.5172622981, -0.8533686786);
    }

    /** The numbers are those of the same algorithm in NumPy. */
    @Test
    void shouldSummariseRowsThatAreNotAtHand() {
        LinearWeights anchor = new LinearWeights(
                3, 3, new float[] {1, 2, -2, 0.5f, -1, 0, -1.5f, -0.5f, 1}, new float[] {0.5f, 0.25f, -1});
        int[] atHand = {0, 3, 6, 9, 10};

        LinearWeights weights =
                Logistic.fit(select(ROWS, atHand), select(CLASSES, atHand), 3, moments(ROWS, CLASSES), anchor, 4);

        assertClose(
                weights.weights(),
                2e-7,
                0.6322368540498843,
                1.2407421742606979,
                -1.8729790283105825,
                0.8073763716581397,
                -0.8169596641546945,
                0.0095832924965548,
                -0.9771496410114648,
                -0.1477387659437380,
                1.1248884069552025);
        assertClose(weights.biases(), 2e-7, 0.7659604582779482, 0.3464877844288338, -1.1124482427067817);
    }

    @Property(tries = 20)
    void shouldMaximiseTheObjective(@ForAll Random random, @ForAll boolean isSummarised) {
        Blobs all = Blobs.random(120, 6, 4, 1.5, random);
        Blobs atHand = isSummarised ? all.first(40) : all;
        LinearWeights anchor = all.nearestMean();

        LinearWeights weights =
                Logistic.fit(atHand.rows(), atHand.classes(), 4, all.moments(), isSummarised ? anchor : null, 4);

        LogisticGradient gradient = LogisticGradient.of(atHand, all, isSummarised ? anchor : null, 4);
        LinearWeights none = new LinearWeights(6, 4, new float[24], new float[4]);
        assertThat(gradient.length(weights)).isLessThan(0.02 * gradient.length(none));
    }

    @Property(tries = 20)
    void shouldNotDependOnTheOrderOfRows(@ForAll Random random) {
        Blobs all = Blobs.random(90, 5, 3, 1.5, random);
        Blobs atHand = all.first(30);

        LinearWeights weights = fit(atHand, all);
        LinearWeights shuffled = fit(atHand.shuffled(random), all.shuffled(random));

        assertClose(shuffled.weights(), 1e-6, doubles(weights.weights()));
        assertClose(shuffled.biases(), 1e-6, doubles(weights.biases()));
    }

    @Test
    void shouldGiveTheSameBitsForTheSameArguments() {
        Blobs all = Blobs.random(300, 40, 5, 1, new Random(1));
        Blobs atHand = all.first(100);

        LinearWeights one = fit(atHand, all);
        LinearWeights two = fit(atHand, all);

        assertThat(two.weights()).containsExactly(one.weights());
        assertThat(two.biases()).containsExactly(one.biases());
    }

    @Test
    void shouldKeepTheAccuracyOfAllRowsWithFewAtHand() {
        double gain = 0;
        for (int seed = 0; seed < 10; seed++) {
            Blobs all = Blobs.random(1000, 20, 5, 0.8, new Random(seed));
            Blobs test = all.last(500);
            Blobs learned = all.first(500);
            Blobs few = learned.first(15);

            LinearWeights ofAll = Logistic.fit(learned.rows(), learned.classes(), 5, learned.moments(), null, 4);
            LinearWeights ofFew = Logistic.fit(few.rows(), few.classes(), 5, few.moments(), null, 4);
            LinearWeights summarised = fit(few, learned);

            assertThat(test.accuracy(summarised)).isGreaterThan(test.accuracy(ofAll) - 0.03);
            gain += (test.accuracy(summarised) - test.accuracy(ofFew)) / 10;
        }
        assertThat(gain).isGreaterThan(0.05);
    }

    @Test
    void shouldNotPredictClassesWithoutSamples() {
        int[] classes = {1, 1, 1, 3, 3, 3, 1, 1, 1, 1, 3, 1};
        LinearWeights weights = Logistic.fit(ROWS, classes, 5, moments(ROWS, classes), null, 4);

        for (int unseen : new int[] {0, 2, 4}) {
            assertThat(weights.biases()[unseen]).isEqualTo(-64);
            assertThat(new float[] {
                        weights.weights()[unseen], weights.weights()[5 + unseen], weights.weights()[10 + unseen]
                    })
                    .containsOnly(0);
        }
        assertThat(new Blobs(ROWS, classes, 5).predictions(weights)).containsOnly(1, 3);
    }

    @Test
    void shouldPredictTheOnlyClass() {
        LinearWeights weights = Logistic.fit(ROWS, new int[12], 2, moments(ROWS, new int[12]), null, 4);

        assertThat(weights.weights()).containsOnly(0);
        assertThat(weights.biases()).containsExactly(0, -64);
    }

    @Test
    void shouldReturnTheLogPriorsForConstantFeatures() {
        float[][] rows = new float[8][];
        Arrays.fill(rows, new float[] {3, -1e4f});
        int[] classes = {0, 0, 0, 0, 0, 0, 1, 1};
        LinearWeights weights = Logistic.fit(rows, classes, 2, moments(rows, classes), null, 4);

        assertThat(weights.weights()).containsOnly(0);
        assertThat(weights.biases()[0] - weights.biases()[1]).isCloseTo((float) Math.log(3), within(1e-6f));
    }

    @Test
    void shouldLearnFromOneRow() {
        float[][] row = {{1, 2, 3}};
        LinearWeights weights = Logistic.fit(row, new int[] {1}, 3, moments(row, new int[] {1}), null, 4);

        assertThat(new Blobs(row, new int[] {1}, 3).predictions(weights)).containsExactly(1);
    }

    @Test
    void shouldStayWithTheAnchorWithoutRowsAtHand() {
        Blobs all = Blobs.random(3000, 4, 3, 1, new Random(2));
        Blobs none = all.first(0);

        assertThat(all.accuracy(fit(none, all))).isCloseTo(all.accuracy(all.nearestMean()), within(0.02));
        assertThat(Logistic.fit(none.rows(), none.classes(), 3, all.moments(), null, 4)
                        .weights())
                .containsOnly(0);
    }

    @Property(tries = 60)
    void shouldBeFinite(
            @ForAll @IntRange(min = 1, max = 30) int count,
            @ForAll @IntRange(min = 1, max = 50) int width,
            @ForAll @IntRange(min = 1, max = 6) int outputs,
            @ForAll @IntRange(min = -12, max = 38) int magnitude,
            @ForAll @IntRange(min = -6, max = 6) int strength,
            @ForAll Random random) {
        Blobs blobs = Blobs.random(count, width, outputs, 1, random);
        for (float[] row : blobs.rows()) {
            for (int i = 0; i < width; i++) {
                row[i] *= (float) Math.pow(10, magnitude);
                row[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, row[i]));
            }
            if (random.nextInt(3) == 0) {
                System.arraycopy(blobs.rows()[0], 0, row, 0, width);
            }
        }
        Blobs atHand = blobs.first(random.nextInt(count + 1));

        for (LinearWeights anchor : new LinearWeights[] {null, blobs.nearestMean()}) {
            LinearWeights weights = Logistic.fit(
                    atHand.rows(), atHand.classes(), outputs, blobs.moments(), anchor, Math.pow(10, strength));
            assertThat(Arrays.stream(doubles(weights.weights())).allMatch(Double::isFinite))
                    .isTrue();
            assertThat(Arrays.stream(doubles(weights.biases())).allMatch(Double::isFinite))
                    .isTrue();
        }
    }

    @Test
    void shouldSayWhatDoesNotFit() {
        Moments all = moments(ROWS, CLASSES);
        assertThatThrownBy(() -> Logistic.fit(ROWS, new int[3], 3, all, null, 4))
                .hasMessageContaining("12 rows need as many classes, but there are 3");
        assertThatThrownBy(() -> Logistic.fit(ROWS, CLASSES, 2, all, null, 4))
                .hasMessageContaining("targets of 3 outputs needs at least as many, and at least 1, but got 2");
        assertThatThrownBy(() -> Logistic.fit(new float[0][], new int[0], 3, Moments.of(3), null, 4))
                .hasMessageContaining("at least 1 row");
        assertThatThrownBy(() ->
                        Logistic.fit(ROWS, CLASSES, 4, moments(select(ROWS, new int[] {0, 6}), new int[2]), null, 4))
                .hasMessageContaining("all 12 rows at hand are needed, but are of 2");
        assertThatThrownBy(() -> Logistic.fit(ROWS, new int[] {0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 1, 3}, 4, all, null, 4))
                .hasMessageContaining("row 11 has class 3, of which the moments have no row");
        LinearWeights narrow = new LinearWeights(2, 3, new float[6], new float[3]);
        assertThatThrownBy(() -> Logistic.fit(ROWS, CLASSES, 3, all, narrow, 4))
                .hasMessageContaining("weights of [3, 3], but has [2, 3]");
        for (double strength : new double[] {0, -1, 1e7, Double.NaN}) {
            assertThatThrownBy(() -> Logistic.fit(ROWS, CLASSES, 3, all, null, strength))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("strength must be from 1.0E-6 to 1000000.0");
        }
    }

    private static LinearWeights fit(Blobs atHand, Blobs all) {
        return Logistic.fit(atHand.rows(), atHand.classes(), all.outputs(), all.moments(), all.nearestMean(), 4);
    }

    private static Moments moments(float[][] rows, int[] classes) {
        Moments moments = Moments.of(rows[0].length);
        moments.add(rows, classes);
        return moments;
    }

    private static float[][] select(float[][] rows, int[] places) {
        return Arrays.stream(places).mapToObj(place -> rows[place]).toArray(float[][]::new);
    }

    private static int[] select(int[] classes, int[] places) {
        return Arrays.stream(places).map(place -> classes[place]).toArray();
    }

    private static void assertClose(float[] values, double tolerance, double... expected) {
        assertThat(doubles(values)).containsExactly(expected, within(tolerance));
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
