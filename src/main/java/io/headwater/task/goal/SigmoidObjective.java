package io.headwater.task.goal;

import io.headwater.engine.Objective;

/**
 * Any number of classes at once: the mean over the outputs of one row of the binary cross-entropy of a sigmoid, as in
 * PyTorch's {@code BCEWithLogitsLoss} and Keras's {@code BinaryCrossentropy}. The target holds the indices of the classes of
 * the sample, in any order; it may be empty.
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
            // The exponent is never positive, so that the power cannot overflow.
            double power = StrictMath.exp(-Math.abs(logit));
            loss += Math.max(logit, 0) - logit * wanted + StrictMath.log1p(power);
            double probability = (logit >= 0 ? 1 : power) / (1 + power);
            gradient[i] = (probability - wanted) / outputs;
        }
        return loss / outputs;
    }
}
