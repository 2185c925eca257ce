package io.headwater.task.goal;

import io.headwater.engine.Objective;
import io.headwater.engine.Softmax;
import io.headwater.task.Target;
import java.util.Arrays;

/**
 * A class for each token: the mean of the softmax cross-entropy over the rows that have a class (Devlin et al. 2019,
 * "BERT", section 5.3). The target has one value for each row: the index of a class, or {@link #UNCOUNTED} for a row
 * without a class, such as the second token of a word or a special token. When no row has a class, loss and gradient are 0.
 *
 * @param labelSmoothing share of each target that is spread equally over all classes, from 0 to below 1
 */
public record TokenObjective(double labelSmoothing) implements Objective {
    /** The value in a target for a row without a class. */
    public static final int UNCOUNTED = Target.NONE;

    public TokenObjective {
        Targets.smoothing(labelSmoothing);
    }

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        Targets.size(target, Targets.rows(logits.length, outputs));
        Arrays.fill(gradient, 0);
        int counted = 0;
        for (float named : target) {
            counted += Targets.index(named, UNCOUNTED, outputs) == UNCOUNTED ? 0 : 1;
        }
        double loss = 0;
        for (int row = 0; row < target.length; row++) {
            if (target[row] != UNCOUNTED) {
                loss += Softmax.ofRow(logits, row * outputs, outputs)
                        .crossEntropy((int) target[row], labelSmoothing, 1.0 / counted, gradient);
            }
        }
        return loss;
    }
}
