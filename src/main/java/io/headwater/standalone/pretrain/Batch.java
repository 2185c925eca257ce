package io.headwater.standalone.pretrain;

import io.headwater.task.goal.TokenObjective;
import java.util.List;

/**
 * Samples of a step, or some that are judged.
 *
 * @param rows what the model reads, one a sample
 * @param targets one a sample: the index of a token or class for each row of its logits, -1 where nothing is to be said
 */
record Batch(float[][] rows, float[][] targets) {
    static final float NOTHING = TokenObjective.UNCOUNTED;

    /** A sample of a batch. */
    record Sample(float[] row, float[] target) {}

    static Batch of(List<Sample> samples) {
        return new Batch(
                samples.stream().map(Sample::row).toArray(float[][]::new),
                samples.stream().map(Sample::target).toArray(float[][]::new));
    }

    /** How many answers are wanted of a sample. */
    int wanted(int sample) {
        int wanted = 0;
        for (float target : targets[sample]) {
            wanted += target == NOTHING ? 0 : 1;
        }
        return wanted;
    }

    /**
     * How much each sample counts, so that all answers that are wanted count alike although the loss of a sample is the mean
     * of its own: their mean is 1.
     */
    float[] weights() {
        int all = 0;
        for (int i = 0; i < rows.length; i++) {
            all += wanted(i);
        }
        float[] weights = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            weights[i] = (float) ((double) wanted(i) * rows.length / all);
        }
        return weights;
    }
}
