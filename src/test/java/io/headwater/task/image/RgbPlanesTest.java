package io.headwater.task.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RgbPlanesTest {

    @Test
    void shouldMixNeighboursAtHalfPixelCentres() {
        assertThat(row(new float[] {0, 100}, 4)).containsExactly(0, 25, 75, 100);
    }

    @Test
    void shouldCountEverySourcePixelWhereItShrinks() {
        // Triangles of width 4 about 1 and 3: shares 1/7, 3/7, 3/7 cut at the edge, then 1/8, 3/8, 3/8, 1/8 inside.
        float[] shrunk = row(new float[] {0, 0, 70, 70, 0, 0}, 3);

        assertThat(shrunk[0]).isCloseTo(10, within(1e-4f));
        assertThat(shrunk[1]).isCloseTo(52.5f, within(1e-4f));
        assertThat(shrunk[2]).isCloseTo(10, within(1e-4f));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void shouldKeepAPlainPicturePlain(
            @ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height,
            @ForAll @IntRange(min = 1, max = 60) int newWidth,
            @ForAll @IntRange(min = 1, max = 60) int newHeight) {
        float[] plane = new float[width * height];
        Arrays.fill(plane, 123);

        RgbPlanes resized =
                new RgbPlanes(width, height, new float[][] {plane, plane, plane}).resized(newWidth, newHeight);

        assertThat(resized.planes()[2]).hasSize(newWidth * newHeight);
        for (float value : resized.planes()[2]) {
            assertThat(value).isCloseTo(123, within(1e-3f));
        }
    }

    private static float[] row(float[] values, int width) {
        return new RgbPlanes(values.length, 1, new float[][] {values, values, values})
                .resized(width, 1)
                .planes()[0];
    }
}
