package io.headwater.task.goal;

import io.headwater.engine.Objective;
import io.headwater.engine.Softmax;
import java.util.Arrays;

/**
 * Where an answer begins and ends: each row has two logits, and one softmax goes over the rows for the start, another for
 * the end. The loss is the mean of both cross-entropies (Devlin et al. 2019, "BERT", sections 4.2 and 4.3). The target is
 * the row of the first token of the answer and that of the last; row 0, where the classification token is, twice where
 * there is no answer.
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
