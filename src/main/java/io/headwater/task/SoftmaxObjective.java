package io.headwater.task;

import io.headwater.engine.Objective;
import java.util.Arrays;

/**
 * One class out of many: cross-entropy of softmax over one row. The target is the index of the class.
 *
 * @param labelSmoothing share of the target that all classes have alike, from 0 to below 1 (Szegedy et al. 2016,
 *     "Rethinking the Inception Architecture for Computer Vision", section 7)
 */
record SoftmaxObjective(double labelSmoothing) implements Objective {

    SoftmaxObjective {
        Targets.smoothing(labelSmoothing);
    }

    @Override
    public double gradient(float[] logits, int outputs, float[] target, float[] gradient) {
        Targets.oneRow(logits, outputs);
        Targets.size(target, 1);
        Arrays.fill(gradient, 0);
        int named = Targets.index(target[0], 0, outputs);
        return new SoftmaxRow(logits, 0, 1, outputs).crossEntropy(named, labelSmoothing, 1, gradient);
    }
}
