package io.headwater.task.goal;

import io.headwater.engine.Objective;

/**
 * Real values: the mean over the outputs of half the squared error where it is at most {@code delta}, and beyond of
 * {@code delta} × (error − {@code delta} / 2), so that the gradient of an outlier is bounded (Huber 1964, "Robust
 * Estimation of a Location Parameter"). The target has as many values as there are logits.
 *
 * @param delta the error up to which the loss is quadratic, positive, in the unit of the values
 */
record HuberObjective(double delta) implements Objective {

    HuberObjective {
        if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "delta must be positive and finite, but is " + delta + "; 1 suits values of unit variance");
        }
    }

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        Targets.rows(logits.length, outputs);
        Targets.size(target, logits.length);
        double loss = 0;
        for (int i = 0; i < logits.length; i++) {
            double error = logits[i] - target[i];
            loss += loss(error);
            gradient[i] = slope(error) / logits.length;
        }
        return loss / logits.length;
    }

    /** The loss of one error. */
    double loss(double error) {
        double size = Math.abs(error);
        return size <= delta ? error * error / 2 : delta * (size - delta / 2);
    }

    /** The derivative of the loss of one error. */
    double slope(double error) {
        return Math.max(-delta, Math.min(delta, error));
    }
}
