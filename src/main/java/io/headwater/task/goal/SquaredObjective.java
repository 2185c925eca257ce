package io.headwater.task.goal;

import io.headwater.engine.Objective;

/** Real values: the mean over the outputs of the squared error. The target has as many values as there are logits. */
record SquaredObjective() implements Objective {

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        Targets.rows(logits.length, outputs);
        Targets.size(target, logits.length);
        double loss = 0;
        for (int i = 0; i < logits.length; i++) {
            double error = logits[i] - target[i];
            loss += error * error;
            gradient[i] = 2 * error / logits.length;
        }
        return loss / logits.length;
    }
}
