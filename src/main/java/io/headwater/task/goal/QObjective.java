package io.headwater.task.goal;

import io.headwater.engine.Objective;
import java.util.Arrays;

/**
 * The value of the action that was taken: Huber's loss of its output of one row, so that the error that reaches the head is
 * clipped (Mnih et al. 2015, "Human-level control through deep reinforcement learning", Methods). The other actions have no
 * gradient. The target is the index of the action and the value that it turned out to have, worked out elsewhere.
 *
 * @param huber clips the error; Mnih et al. clip at 1
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
