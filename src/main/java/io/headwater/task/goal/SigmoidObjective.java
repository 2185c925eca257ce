package io.headwater.task.goal;

import io.headwater.engine.Objective;

/**
 * Any number of classes at once: binary cross-entropy of a sigmoid for each output of one row, and the mean of these, as
 * PyTorch's {@code BCEWithLogitsLoss} and Keras's {@code BinaryCrossentropy} have it. The target holds the indices of the
 * classes that hold, in any order; none is a target too.
 */
record SigmoidObjective() implements Objective {

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        Targets.oneRow(logits.length, outputs);
        boolean[] holds = new boolean[outputs];
        for (float index : target) {
            holds[Targets.index(index, 0, outputs)] = true;
        }
        double loss = 0;
        for (int i = 0; i < outputs; i++) {
            double logit = logits[i];
            double wanted = holds[i] ? 1 : 0;
            // The power is never positive, so that nothing overflows.
            double power = StrictMath.exp(-Math.abs(logit));
            loss += Math.max(logit, 0) - logit * wanted + StrictMath.log1p(power);
            double probability = (logit >= 0 ? 1 : power) / (1 + power);
            gradient[i] = (probability - wanted) / outputs;
        }
        return loss / outputs;
    }
}
