package io.headwater.standalone.pretrain;

import io.headwater.task.goal.TokenObjective;
import java.util.List;

/**
 * A batch of samples for a training step or an evaluation.
 *
 * @param rows model inputs, one per sample
 * @param targets one array per sample: the index of the expected token or class for each row of its logits, or -1
 *     where there is no target
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

    /** Returns the number of targets of a sample. */
    int wanted(int sample) {
        int wanted = 0;
        for (float target : targets[sample]) {
            wanted += target == NOTHING ? 0 : 1;
        }
        return wanted;
    }

    /**
     * Returns sample weights with mean 1 that are proportional to the number of targets, so that all targets in the
     * batch count equally although the loss of a sample is the mean over its own targets.
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
