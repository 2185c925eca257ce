package io.headwater.bench.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.store.FileArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncCountTest {
    @TempDir
    Path folder;

    @Test
    void shouldCountAsManySyncsForAThousandArtifactsAsForThree() throws Exception {
        FileArtifactStore store = new FileArtifactStore(folder, 1000);
        store.putAll(artifacts("first", 3));

        assertThat(syncsOf(store, artifacts("second", 3))).isEqualTo(2);
        assertThat(syncsOf(store, artifacts("third", 1000))).isEqualTo(2);
    }

    private long syncsOf(FileArtifactStore store, List<byte[]> artifacts) throws Exception {
        try (SyncCount count = new SyncCount(folder)) {
            store.putAll(artifacts);
            return count.stop();
        }
    }

    private static List<byte[]> artifacts(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> (name + " " + i).getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
