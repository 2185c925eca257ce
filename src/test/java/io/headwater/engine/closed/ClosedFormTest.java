package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The expected numbers were computed by NumPy from the rows themselves, in double precision. */
class ClosedFormTest {
    static final List<ClosedForm> FORMS = List.of(
            new Discriminant(ClassPrior.STREAM),
            new Discriminant(ClassPrior.UNIFORM),
            new Ridge(),
            new RidgeClassifier(0.2),
            new LabelDiscriminant());

    private static final float[] QUERY = {2, 3, 2};

    @Test
    void shouldComputeTheDiscriminant() {
        assertLogits(
                new Discriminant(ClassPrior.STREAM), classes(), -1.27487501, -1.10795001, -65.45357418, -1.99164362);
        assertLogits(
                new Discriminant(ClassPrior.UNIFORM), classes(), -1.29734786, -1.06142999, -65.43120167, -1.94512361);
    }

    @Test
    void shouldComputeRidgeRegression() {
        assertLogits(new RidgeClassifier(0.2), classes(), 1.52178133, 1.28401962, -62.7448153, 0.95975316);

        Moments moments = Moments.of(3);
        moments.add(features(), targets((i, x) -> new float[] {x[0] - x[2] + i % 2, 10 * (i % 5) + x[1]}));
        assertLogits(new Ridge(), moments.centred(2), 0.53269791, 22.12673066);
    }

    @Test
    void shouldComputeTheDiscriminantOfEachLabel() {
        Moments moments = Moments.of(3);
        moments.add(features(), targets((i, x) -> new float[] {x[0] > 3 ? 1 : 0, x[1] + i % 3 > 6 ? 1 : 0, 0}));
        assertLogits(new LabelDiscriminant(), moments.centred(3), -2.90035197, -3.56463762, StrictMath.log(1 / 41.0));
    }

    @Test
    void shouldNotDependOnTheCommonUnitOfFeatures() {
        float[][] scaled = features();
        for (float[] row : scaled) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= 128;
            }
        }
        float[] query = {QUERY[0] * 128, QUERY[1] * 128, QUERY[2] * 128};
        Moments moments = Moments.of(3);
        moments.add(scaled, classNumbers());
        for (ClosedForm form : FORMS) {
            assertClose(
                    form.solve(moments.centred(4)).logits(query),
                    form.solve(classes()).logits(QUERY));
        }
    }

    @Test
    void shouldHardlyDependOnTheUnitOfAStandardisedFeature() {
        float[][] scaled = features();
        for (float[] row : scaled) {
            row[1] = row[1] * 4 + 1024;
        }
        float[] query = {QUERY[0], QUERY[1] * 4 + 1024, QUERY[2]};
        Moments moments = Moments.of(3);
        moments.add(scaled, classNumbers());
        for (ClosedForm form : FORMS) {
            float[] one = form.solve(moments.centred(4).standardised()).logits(query);
            float[] other = form.solve(classes().standardised()).logits(QUERY);
            for (int i = 0; i < one.length; i++) {
                assertThat(one[i]).isCloseTo(other[i], within(0.1f)); // as little as the least variance weighs
            }
        }
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void shouldGiveFiniteWeightsToDegenerateRows(ClosedForm form) {
        Random random = new Random(3);
        float[][] many = new float[5][40]; // more features than rows
        float[][] equal = new float[6][4];
        float[][] duplicate = new float[20][4];
        float[][] tiny = new float[20][4];
        float[][] huge = new float[20][4];
        float[][] farAway = new float[20][4];
        for (float[] row : many) {
            fill(row, 1, 0, random);
        }
        for (float[] row : equal) {
            Arrays.fill(row, 2);
        }
        for (int i = 0; i < 20; i++) {
            float value = (float) random.nextGaussian();
            duplicate[i] = new float[] {value, value, 0, 7};
            fill(tiny[i], 1e-3, 0, random);
            fill(huge[i], 1e4, 0, random);
            fill(farAway[i], 1e-3, 1e4, random);
        }
        float[][] one = {{1, 2, 3, 4}};
        for (float[][] rows : List.of(new float[0][4], one, many, equal, duplicate, tiny, huge, farAway)) {
            int width = rows.length == 0 ? 4 : rows[0].length;
            for (int classes = 1; classes <= 3; classes++) {
                Moments moments = Moments.of(width);
                int number = classes;
                moments.add(
                        rows,
                        IntStream.range(0, rows.length).map(i -> i % number).toArray());
                for (CentredMoments centred :
                        List.of(moments.centred(4), moments.centred(4).standardised())) {
                    LinearWeights weights = form.solve(centred);
                    assertThat(weights.weights()).hasSize(width * 4);
                    assertFinite(weights.weights());
                    assertFinite(weights.biases());
                    for (float[] row : rows) {
                        assertFinite(weights.logits(row));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void shouldGiveTheSameBitsWhateverTheOrderOfTheRows(ClosedForm form) {
        Moments moments = Moments.of(3);
        float[][] rows = features();
        int[] numbers = classNumbers();
        for (int i = rows.length - 1; i >= 0; i--) {
            moments.add(new float[][] {rows[i]}, new int[] {numbers[i]});
        }
        LinearWeights backward = form.solve(moments.centred(4));
        LinearWeights forward = form.solve(classes());

        assertThat(backward.weights()).containsExactly(forward.weights());
        assertThat(backward.biases()).containsExactly(forward.biases());
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void shouldTellSeparateClassesApart(ClosedForm form) {
        Random random = new Random(5);
        float[][] rows = new float[400][20];
        int[] numbers = new int[400];
        for (int i = 0; i < 400; i++) {
            numbers[i] = random.nextInt(4);
            fill(rows[i], 1, 0, random);
            rows[i][numbers[i]] += 8;
        }
        Moments moments = Moments.of(20);
        moments.add(Arrays.copyOf(rows, 200), Arrays.copyOf(numbers, 200));

        LinearWeights weights = form.solve(moments.centred(5));
        for (int i = 200; i < 400; i++) {
            assertThat(largest(weights.logits(rows[i]))).isEqualTo(numbers[i]);
        }
    }

    @Test
    void shouldNeverPredictAClassWithoutRows() {
        Random random = new Random(7);
        for (ClosedForm form : FORMS.subList(0, 5)) {
            LinearWeights weights = form.solve(classes());
            for (int i = 0; i < 200; i++) {
                float[] row = new float[3];
                fill(row, 1000, 0, random);
                assertThat(largest(weights.logits(row))).isNotEqualTo(2);
            }
        }
    }

    @Test
    void shouldRefuseTooFewOutputs() {
        Moments moments = Moments.of(3);
        moments.add(features(), classNumbers());

        assertThatThrownBy(() -> moments.centred(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 outputs needs at least as many")
                .hasMessageContaining("but got 3");
        assertThatThrownBy(() -> Moments.of(2).centred(0)).hasMessageContaining("at least 1");
    }

    private static void assertLogits(ClosedForm form, CentredMoments moments, double... expected) {
        float[] logits = form.solve(moments).logits(QUERY);
        assertThat(logits).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) logits[i]).as("logit " + i).isCloseTo(expected[i], within(2e-4));
        }
    }

    private static CentredMoments classes() {
        Moments moments = Moments.of(3);
        moments.add(features(), classNumbers());
        return moments.centred(4);
    }

    /** Rows with correlated features of unequal variance, whose classes 0, 1 and 3 overlap. */
    private static float[][] features() {
        int[] classes = classNumbers();
        float[][] rows = new float[40][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {
                i % 7 + classes[i] * 0.5f, i % 7 * 2 + i % 4 * 0.25f - classes[i], i * i % 5 + classes[i] * 0.25f
            };
        }
        return rows;
    }

    private static int[] classNumbers() {
        return IntStream.range(0, 40).map(i -> new int[] {0, 1, 3}[i % 3]).toArray();
    }

    private interface Target {
        float[] of(int row, float[] features);
    }

    private static float[][] targets(Target target) {
        float[][] features = features();
        float[][] targets = new float[features.length][];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = target.of(i, features[i]);
        }
        return targets;
    }

    private static void fill(float[] row, double deviation, double mean, Random random) {
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (mean + deviation * random.nextGaussian());
        }
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int i = 1; i < logits.length; i++) {
            largest = logits[i] > logits[largest] ? i : largest;
        }
        return largest;
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-3f));
        }
    }

    private static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }
}
