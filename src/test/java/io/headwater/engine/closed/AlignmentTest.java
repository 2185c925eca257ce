package io.headwater.engine.closed;

import static io.headwater.engine.closed.FeatureSumsTest.of;
import static io.headwater.engine.closed.FeatureSumsTest.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlignmentTest {
    private static final int WIDTH = 5;
    private static final CentredMoments LEARNED = learned(rows(1, 2000, 10));

    @Test
    void shouldGiveRowsTheMeansAndDeviationsOfThoseThatWereLearned() {
        List<float[]> found = stretched(rows(2, 4000, 10));
        Alignment alignment = Alignment.of(LEARNED, of(found));

        CentredMoments aligned = learned(found.stream().map(alignment::map).toList());

        for (int i = 0; i < WIDTH; i++) {
            assertThat(aligned.mean()[i]).isCloseTo(LEARNED.mean()[i], within(0.15 * (i + 1)));
            assertThat(deviation(aligned, i) / deviation(LEARNED, i)).isCloseTo(1, within(0.15));
        }
    }

    @Test
    void shouldChangeNothingWithoutRows() {
        Alignment alignment = Alignment.of(LEARNED, FeatureSums.of(WIDTH));

        assertThat(alignment.factors()).containsOnly(1);
        Arrays.stream(alignment.shifts()).forEach(shift -> assertThat(shift).isCloseTo(0, within(1e-9)));
    }

    /** Two samples of one distribution differ by chance, and to follow that would only add noise. */
    @Test
    void shouldChangeHardlyAnythingWhereThereIsNoShift() {
        Alignment alignment = Alignment.of(LEARNED, of(rows(3, 100, 10)));
        Alignment shifted = Alignment.of(LEARNED, of(stretched(rows(3, 100, 10))));

        for (int i = 0; i < WIDTH; i++) {
            assertThat(alignment.factors()[i]).isCloseTo(1, within(0.05));
            assertThat(shifted.factors()[i]).isCloseTo(1 / 3.0, within(0.1));
        }
    }

    @Test
    void shouldTrustFewRowsLittle() {
        Alignment few = Alignment.of(LEARNED, of(stretched(rows(2, 1, 10))));
        Alignment many = Alignment.of(LEARNED, of(stretched(rows(2, 2000, 10))));

        for (int i = 0; i < WIDTH; i++) {
            assertThat(Math.abs(few.factors()[i] - 1)).isLessThan(Math.abs(many.factors()[i] - 1));
        }
    }

    @Test
    void shouldBecomeAPartOfTheWeights() {
        LinearWeights weights =
                new LinearWeights(WIDTH, 2, new float[] {1, -1, 2, 0, -3, 1, 0, 4, 5, 1}, new float[] {1, -2});
        List<float[]> found = stretched(rows(2, 100, 10));
        Alignment alignment = Alignment.of(LEARNED, of(found));
        LinearWeights aligned = alignment.into(weights);

        for (float[] row : found) {
            float[] expected = weights.logits(alignment.map(row));
            for (int i = 0; i < expected.length; i++) {
                assertThat(aligned.logits(row)[i]).isCloseTo(expected[i], within(1e-2f));
            }
        }
    }

    /** A feature that never varied has nothing to be stretched to. */
    @Test
    void shouldLeaveConstantFeaturesFinite() {
        List<float[]> constant = List.of(new float[WIDTH], new float[WIDTH]);
        Alignment alignment = Alignment.of(learned(constant), of(rows(2, 100, 10)));

        assertThat(alignment.factors()).containsOnly(1);
        Arrays.stream(alignment.shifts()).forEach(shift -> assertThat(shift).isFinite());
    }

    private static List<float[]> stretched(List<float[]> rows) {
        List<float[]> stretched = new ArrayList<>();
        for (float[] row : rows) {
            float[] other = new float[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                other[i] = 3 * row[i] - 20 * i;
            }
            stretched.add(other);
        }
        return stretched;
    }

    private static double deviation(CentredMoments moments, int feature) {
        return Math.sqrt(moments.scatter()[feature * WIDTH + feature] / moments.rows());
    }

    private static CentredMoments learned(List<float[]> rows) {
        Moments moments = Moments.of(WIDTH);
        moments.add(rows.toArray(float[][]::new), new int[rows.size()]);
        return moments.centred(1);
    }
}
