package io.headwater.bench.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadArraysAsTheyWereWritten() throws IOException {
        Path matrix = folder.resolve("matrix.npy");
        Path vector = folder.resolve("vector.npy");
        Npy.write(matrix, List.of(new float[] {1, -2.5f, 3}, new float[] {0, 1e-30f, 7}));
        Npy.write(vector, new int[] {3, -1, 70_000});

        assertThat(Npy.matrix(matrix)).isDeepEqualTo(new float[][] {{1, -2.5f, 3}, {0, 1e-30f, 7}});
        assertThat(Npy.vector(vector)).containsExactly(3, -1, 70_000);
    }

    @Test
    void shouldAlignValuesTo64BytesAsNumpyDoes() throws IOException {
        Path vector = folder.resolve("vector.npy");
        Npy.write(vector, new int[] {1, 2});

        assertThat(Files.size(vector) % 64).isEqualTo(2 * Integer.BYTES);
    }

    @Test
    void shouldRefuseAnArrayOfAnotherType() throws IOException {
        Path vector = folder.resolve("vector.npy");
        Npy.write(vector, new int[] {1});

        assertThatThrownBy(() -> Npy.matrix(vector))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("<f4");
    }
}
