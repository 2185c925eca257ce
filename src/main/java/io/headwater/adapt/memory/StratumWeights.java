package io.headwater.adapt.memory;

import java.util.Arrays;

/**
 * The weights by which a step that mixes new samples with evenly drawn replayed ones learns the frequencies of the
 * stream: the frequency of a stratum in the stream, divided by its expected share in the step (importance weights; the
 * correction of logits by Ren et al., "Balanced Meta-Softmax for Long-Tailed Visual Recognition", 2020, and Menon et al.,
 * "Long-Tail Learning via Logit Adjustment", 2021, has the same minimum but needs a loss over classes).
 *
 * @param counts the number of samples of each stratum in the stream
 * @param remembered the number of samples of each stratum that can be replayed
 * @param fresh the number of new samples in the step
 * @param replayed the number of replayed samples in the step
 */
record StratumWeights(int[] counts, int[] remembered, int fresh, int replayed) {

    /**
     * Returns the weight of a sample, positive.
     *
     * @param even whether all strata that have samples count the same
     */
    double weight(int stratum, boolean even) {
        long all = Arrays.stream(counts).asLongStream().sum();
        double frequency = Math.max(1, at(counts, stratum)) / (double) Math.max(1, all);
        double share = fresh * frequency;
        if (at(remembered, stratum) > 0) {
            share += replayed / (double) present(remembered);
        }
        double wanted = even ? 1.0 / Math.max(1, present(counts)) : frequency;
        return wanted * (fresh + replayed) / share;
    }

    private static int at(int[] values, int index) {
        return index < values.length ? values[index] : 0;
    }

    private static long present(int[] values) {
        return Arrays.stream(values).filter(n -> n > 0).count();
    }
}
