package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ImageInput.ImageLayout;
import org.junit.jupiter.api.Test;

class PoolerTest {
    /** Two texts of three tokens with two features. */
    private static final float[] VALUES = {1, 2, 3, 4, 100, 100, 5, 6, 7, 8, 9, 10};

    private static final long[] SHAPE = {2, 3, 2};

    @Test
    void shouldAverageRealTokensOnly() {
        float[][] rows = new Pooler(Pooling.MEAN, ImageLayout.NHWC, false).rows(VALUES, SHAPE, new int[] {2, 3});

        assertThat(rows).isDeepEqualTo(new float[][] {{2, 3}, {7, 8}});
    }

    @Test
    void shouldTakeTheFirstToken() {
        float[][] rows = new Pooler(Pooling.FIRST, ImageLayout.NHWC, false).rows(VALUES, SHAPE, new int[] {2, 3});

        assertThat(rows).isDeepEqualTo(new float[][] {{1, 2}, {5, 6}});
    }

    @Test
    void shouldTakeTheLastRealToken() {
        float[][] rows = new Pooler(Pooling.LAST, ImageLayout.NHWC, false).rows(VALUES, SHAPE, new int[] {2, 3});

        assertThat(rows).isDeepEqualTo(new float[][] {{3, 4}, {9, 10}});
    }

    @Test
    void shouldScaleToUnitLengthAndLeaveZerosAlone() {
        float[][] rows = new Pooler(Pooling.NONE, ImageLayout.NHWC, true)
                .rows(new float[] {3, 4, 0, 0}, new long[] {2, 1, 2, 1}, new int[] {1, 1});

        assertThat(rows).isDeepEqualTo(new float[][] {{0.6f, 0.8f}, {0, 0}});
    }
}
