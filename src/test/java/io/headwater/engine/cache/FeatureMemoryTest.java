package io.headwater.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureMemoryTest {
    private static final Digest A = Digest.of(new byte[] {1});
    private static final Digest B = Digest.of(new byte[] {2});
    private static final float[] FEATURES = new float[64];

    private final FeatureMemory memory = new FeatureMemory(1024);
    private final FeatureCache first = FeatureCache.open(memory, FeatureFiles.NONE, A, Map.of());
    private final FeatureCache second = FeatureCache.open(memory, FeatureFiles.NONE, B, Map.of());

    @Test
    void shouldHaveOneSizeForAllCachesAndKeepWhatWasUsedLast() {
        first.put(A, FEATURES);
        second.put(A, FEATURES.clone());
        first.get(A);

        second.put(B, FEATURES);

        assertThat(first.get(A)).isSameAs(FEATURES);
        assertThat(second.get(A)).isNull();
        assertThat(second.get(B)).isSameAs(FEATURES);
        assertThat(first.bytes()).isEqualTo(512);
        assertThat(second.bytes()).isEqualTo(512);
        assertThat(memory.bytes()).isEqualTo(1024);
    }

    @Test
    void shouldMakeRoomWhenACacheIsClosedAndCountForIt() {
        first.put(A, FEATURES);
        first.get(A);
        first.get(B);
        second.put(A, FEATURES);

        first.close();

        assertThat(memory.bytes()).isEqualTo(512);
        assertThat(memory.hits()).isEqualTo(1);
        assertThat(memory.misses()).isEqualTo(1);
        assertThat(second.get(A)).isSameAs(FEATURES);
        assertThat(memory.hits()).isEqualTo(2);
    }
}
