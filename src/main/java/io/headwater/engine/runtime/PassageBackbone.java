package io.headwater.engine.runtime;

import io.headwater.domain.Digest;
import io.headwater.engine.Backbone;
import io.headwater.engine.ModelInput;
import java.util.ArrayList;
import java.util.List;

/** A backbone for texts that divides long texts into parts; their features are those of the parts, concatenated. */
final class PassageBackbone implements Backbone {
    private final Backbone texts;

    /** Creates a backbone that computes each part by {@code texts}, which it owns. */
    PassageBackbone(Backbone texts) {
        this.texts = texts;
    }

    @Override
    public Digest digest() {
        return texts.digest();
    }

    @Override
    public int width() {
        return texts.width();
    }

    @Override
    public List<float[]> features(List<ModelInput> inputs) {
        List<ModelInput> parts = new ArrayList<>();
        for (ModelInput input : inputs) {
            if (input instanceof ModelInput.Passages passages) {
                parts.addAll(passages.parts());
            } else {
                parts.add(input);
            }
        }
        List<float[]> features = texts.features(parts);
        List<float[]> whole = new ArrayList<>(inputs.size());
        int at = 0;
        for (ModelInput input : inputs) {
            int count = input instanceof ModelInput.Passages passages
                    ? passages.parts().size()
                    : 1;
            whole.add(joined(features.subList(at, at + count)));
            at += count;
        }
        return whole;
    }

    private static float[] joined(List<float[]> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        float[] joined = new float[parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact)];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    @Override
    public void close() {
        texts.close();
    }
}
