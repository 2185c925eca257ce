package io.headwater.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Digest;
import org.junit.jupiter.api.Test;

class FeatureCacheTest {
    private static final Digest A = Digest.of(new byte[] {1});
    private static final Digest B = Digest.of(new byte[] {2});
    private static final Digest C = Digest.of(new byte[] {3});
    private static final float[] FEATURES = new float[64];

    @Test
    void shouldDropWhatWasUsedLongestAgo() {
        // Given room for two vectors of 256 bytes and as much beside each
        FeatureCache cache = new FeatureCache(1024);
        cache.put(A, FEATURES);
        cache.put(B, FEATURES);
        cache.get(A);

        // When
        cache.put(C, FEATURES);

        // Then
        assertThat(cache.get(A)).isSameAs(FEATURES);
        assertThat(cache.get(B)).isNull();
        assertThat(cache.get(C)).isSameAs(FEATURES);
        assertThat(cache.bytes()).isEqualTo(1024);
        assertThat(cache.hits()).isEqualTo(3);
        assertThat(cache.misses()).isEqualTo(1);
    }

    @Test
    void shouldCountAReplacedVectorOnce() {
        FeatureCache cache = new FeatureCache(1024);
        cache.put(A, FEATURES);
        cache.put(A, FEATURES);

        assertThat(cache.bytes()).isEqualTo(512);
    }

    @Test
    void shouldKeepNothingWithoutRoom() {
        FeatureCache cache = new FeatureCache(0);
        cache.put(A, FEATURES);

        assertThat(cache.get(A)).isNull();
        assertThat(cache.bytes()).isZero();
    }
}
