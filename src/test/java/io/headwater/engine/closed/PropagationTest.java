package io.headwater.engine.closed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PropagationTest {
    private static final int WIDTH = 4;

    /** Rows that are far from all rows with a class are at the end of a chain of similar ones that leads to them. */
    @Test
    void shouldFollowChainsOfSimilarRows() {
        List<float[]> labelled = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        int[] labels = new int[8];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 2;
            labelled.add(onChain(i % 2, i / 2 * 0.02));
        }
        for (int i = 0; i < 60; i++) {
            rows.add(onChain(i % 2, 0.1 + i / 2 * 0.04));
        }

        Propagation found = propagation(labelled, labels, rows, 2);

        for (int i = 0; i < rows.size(); i++) {
            assertThat(found.classes()[i]).as("row %d", i).isEqualTo(i % 2);
            assertThat(found.margins()[i]).isPositive().isLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldBeUncertainOfRowsThatAreLikeNoOther() {
        Propagation found = propagation(
                List.of(new float[] {5, 1, 0, 0}, new float[] {5, -1, 0, 0}),
                new int[] {0, 1},
                List.of(new float[] {5, 0.9f, 0, 0}, new float[] {-90, 0, 0, 0}),
                2);

        assertThat(found.classes()[0]).isZero();
        assertThat(found.margins()[1]).isZero();
    }

    @Test
    void shouldGiveTheSameAgain() {
        Random random = new Random(5);
        List<float[]> labelled = random(random, 20);
        List<float[]> rows = random(random, 40);
        int[] labels = random.ints(20, 0, 3).toArray();

        Propagation first = propagation(labelled, labels, rows, 3);
        Propagation second = propagation(labelled, labels, rows, 3);

        assertThat(first.classes()).isEqualTo(second.classes());
        assertThat(first.margins()).isEqualTo(second.margins());
    }

    private static float[] onChain(int chain, double angle) {
        double side = chain == 0 ? 1 : -1;
        return new float[] {
            (float) (side * Math.cos(angle)),
            (float) (side * Math.sin(angle)),
            (float) Math.sin(7 * angle) / 50,
            (float) Math.cos(9 * angle) / 50
        };
    }

    private static List<float[]> random(Random random, int count) {
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[WIDTH];
            for (int j = 0; j < WIDTH; j++) {
                row[j] = (float) random.nextGaussian();
            }
            rows.add(row);
        }
        return rows;
    }

    private static Propagation propagation(List<float[]> labelled, int[] labels, List<float[]> rows, int outputs) {
        Moments moments = Moments.of(WIDTH);
        moments.add(labelled.toArray(float[][]::new), labels);
        return Propagation.of(
                moments.centred(outputs),
                labelled.toArray(float[][]::new),
                labels,
                rows.toArray(float[][]::new),
                outputs);
    }
}
