package io.headwater.standalone.pretrain;

import io.headwater.engine.Objective;
import io.headwater.task.goal.TokenObjective;

/**
 * The mean, over the answers that are wanted, of cross-entropy of softmax. A class of a sample is a token of a text of one;
 * several answers for a position stand one after another.
 *
 * @param answers for a position
 */
record AnswersObjective(int answers) implements Objective {
    private static final Objective TOKENS = new TokenObjective(0);

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        return TOKENS.gradient(logits, outputs / answers, target, gradient);
    }
}
