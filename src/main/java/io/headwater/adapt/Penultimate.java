package io.headwater.adapt;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The activations that the output layer of a head reads. They are the logits of the same head with an identity matrix as
 * its output layer, and therefore available from every kind of head.
 */
final class Penultimate {
    private Penultimate() {}

    /** Returns the number of activations that the output layer of a head with these parameters reads. */
    static int width(Map<String, Tensor.F32> parameters) {
        return Objects.requireNonNull(parameters.get("output/W")).shape()[0];
    }

    /** Returns the samples with activations as their features. */
    static List<StoredSample> of(Heads heads, Map<String, Tensor.F32> parameters, List<StoredSample> samples) {
        int width = width(parameters);
        float[] identity = new float[Math.multiplyExact(width, width)];
        for (int i = 0; i < width; i++) {
            identity[i * width + i] = 1;
        }
        Map<String, Tensor.F32> all = new TreeMap<>(parameters);
        all.put("output/W", new Tensor.F32(new int[] {width, width}, identity));
        all.put("output/b", new Tensor.F32(new int[] {width}, new float[width]));
        try (Head head = heads.answering(all)) {
            float[][] activations =
                    head.logits(samples.stream().map(StoredSample::features).toArray(float[][]::new));
            List<StoredSample> seen = new ArrayList<>(samples.size());
            for (int i = 0; i < activations.length; i++) {
                StoredSample sample = samples.get(i);
                seen.add(new StoredSample(
                        activations[i], sample.code(), sample.stratum(), sample.number(), sample.next()));
            }
            return seen;
        }
    }
}
