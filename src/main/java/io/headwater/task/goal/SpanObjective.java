package io.headwater.task.goal;

import io.headwater.engine.Objective;
import io.headwater.engine.Softmax;
import java.util.Arrays;

/**
 * The first and the last token of an answer: each row has two logits, and one softmax is taken over the rows for the start
 * and one for the end. The loss is the mean of the two cross-entropies (Devlin et al. 2019, "BERT", sections 4.2 and 4.3).
 * The target is the row of the first token of the answer and that of the last; without an answer, both are row 0, which is
 * that of the classification token.
 */
record SpanObjective() implements Objective {
    /** Logits of a row: of the start, of the end. */
    static final int OUTPUTS = 2;

    @Override
    public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
        if (outputs != OUTPUTS) {
            throw new IllegalArgumentException(
                    "an answer's start and end need 2 outputs, but there are " + outputs + "; make a head with 2");
        }
        int rows = Targets.rows(logits.length, outputs);
        Targets.size(target, OUTPUTS);
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int end = 0; end < OUTPUTS; end++) {
            int row = Targets.index(target[end], 0, rows);
            loss += new Softmax(logits, end, OUTPUTS, rows).crossEntropy(row, 0, 1.0 / OUTPUTS, gradient);
        }
        return loss;
    }
}
