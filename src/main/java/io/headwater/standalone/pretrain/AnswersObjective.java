package io.headwater.standalone.pretrain;

import io.headwater.engine.Objective;
import io.headwater.task.goal.TokenObjective;

/**
 * The mean softmax cross-entropy over the targets of a sample. A classified sample counts as a text with one position;
 * several predictions for the same position have consecutive rows of logits.
 *
 * @param answers number of predictions per position
 */
record AnswersObjective(int answers) implements Objective {
    private static final Objective TOKENS = new TokenObjective(0);

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        return TOKENS.gradient(logits, outputs / answers, target, gradient);
    }
}
