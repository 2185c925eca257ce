package io.headwater.featurizer;

import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import io.headwater.testing.HashBackbone;
import java.util.Arrays;
import java.util.List;

/** A backbone of another base model with the same number of features, all of which are 1. */
final class OtherBackbone implements Backbone {
    private final Backbone model = new HashBackbone();

    @Override
    public Digest digest() {
        return Digest.of(new byte[] {1});
    }

    @Override
    public int width() {
        return model.width();
    }

    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        float[] ones = new float[width()];
        Arrays.fill(ones, 1);
        return inputs.stream().map(input -> ones).toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
