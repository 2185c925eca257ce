package io.headwater.task.goal;

import io.headwater.engine.Objective;
import java.util.Arrays;

/**
 * The value of the action that was taken: the Huber loss of the output of that action, whose gradient is clipped (Mnih et
 * al. 2015, "Human-level control through deep reinforcement learning", Methods). The gradient with respect to the outputs
 * of the other actions is 0. The target is the index of the action and its value.
 *
 * @param huber the loss; Mnih et al. clip at an error of 1
 */
record QObjective(HuberObjective huber) implements Objective {

    /** An objective that clips the error at {@code delta}, positive. */
    QObjective(double delta) {
        this(new HuberObjective(delta));
    }

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        Targets.oneRow(logits.length, outputs);
        Targets.size(target, 2);
        int action = Targets.index(target[0], 0, outputs);
        double error = (double) logits[action] - target[1];
        Arrays.fill(gradient, 0);
        gradient[action] = huber.slope(error);
        return huber.loss(error);
    }
}
