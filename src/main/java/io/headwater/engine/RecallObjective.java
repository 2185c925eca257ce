package io.headwater.engine;

import java.util.Arrays;

/**
 * An objective that also keeps logits near former ones, for the samples of which these are known.
 *
 * @param inner the objective of the task
 * @param recall the penalty on differences from the former logits
 */
public record RecallObjective(Objective inner, Recall recall) implements Objective {

    /**
     * Returns the target of a sample in the form that this objective expects.
     *
     * @param target the target in the form that the inner objective expects
     * @param former the former logits of the sample, with as many rows as it has now; empty when they are not known
     */
    public static float[] target(float[] target, float[] former) {
        float[] joined = new float[1 + target.length + former.length];
        joined[0] = target.length;
        System.arraycopy(target, 0, joined, 1, target.length);
        System.arraycopy(former, 0, joined, 1 + target.length, former.length);
        return joined;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException when the former logits do not belong to as many rows, or to more outputs
     */
    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        int length = (int) target[0];
        double loss = inner.gradient(logits, outputs, Arrays.copyOfRange(target, 1, 1 + length), gradient);
        float[] former = Arrays.copyOfRange(target, 1 + length, target.length);
        if (former.length == 0) {
            return loss;
        }
        int rows = logits.length / outputs;
        int known = former.length / rows;
        if (known * rows != former.length || known > outputs) {
            throw new IllegalArgumentException("former logits must be those of " + rows + " rows of at most " + outputs
                    + " outputs, but there are " + former.length + " of them");
        }
        for (int row = 0; row < rows; row++) {
            loss += recall.add(logits, row * outputs, former, row * known, known, 1.0 / rows, gradient);
        }
        return loss;
    }
}
