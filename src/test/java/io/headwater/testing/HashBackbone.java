package io.headwater.testing;

import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A backbone with hardly any cost: tokens are hashed into 16 signed counts, scaled by the length of the text. */
public final class HashBackbone implements Backbone {
    private static final int WIDTH = 16;

    @Override
    public Digest digest() {
        return Digest.of("hashed tokens".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        return inputs.stream()
                .map(input -> hashed(((ModelInput.Tokens) input).ids()))
                .toList();
    }

    private static float[] hashed(long[] ids) {
        float[] features = new float[WIDTH];
        for (long id : ids) {
            // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
            int hash = (int) ((id * 0x9E3779B97F4A7C15L) >>> 59);
            features[hash % WIDTH] += hash < WIDTH ? 1f : -1f;
        }
        float length = (float) Math.sqrt(ids.length);
        for (int i = 0; i < WIDTH; i++) {
            features[i] /= length;
        }
        return features;
    }

    @Override
    public void close() {
        // Nothing to close.
    }
}
