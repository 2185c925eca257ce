package io.headwater.standalone.pretrain;

import io.headwater.engine.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * The evaluation of a model on held-out samples.
 *
 * @param loss mean loss over all targets, in nats
 * @param accuracy share of correct predictions
 */
record Judgement(double loss, double accuracy) {
    private static final int AT_ONCE = 32;

    /**
     * Evaluates {@code head} on {@code samples}, at least one.
     *
     * @param subject subject that the head is trained on
     */
    static Judgement of(Head head, Subject subject, int[] samples) {
        AnswersObjective objective = new AnswersObjective(subject.answers());
        double loss = 0;
        long right = 0;
        long wanted = 0;
        for (int from = 0; from < samples.length; from += AT_ONCE) {
            List<Batch.Sample> some = new ArrayList<>();
            for (int i = from; i < Math.min(samples.length, from + AT_ONCE); i++) {
                // Negative turns never occur in training, and are the same for each evaluation.
                some.add(subject.curriculum().sample(samples[i], -1L - i));
            }
            Batch batch = Batch.of(some);
            float[][] logits = head.logits(batch.rows());
            for (int i = 0; i < logits.length; i++) {
                float[] target = batch.targets()[i];
                double[] wide = new double[logits[i].length];
                for (int k = 0; k < wide.length; k++) {
                    wide[k] = logits[i][k];
                }
                int counted = batch.wanted(i);
                loss += counted * objective.gradient(wide, head.outputs(), target, new double[wide.length]);
                wanted += counted;
                right += right(wide, subject.outputs(), target);
            }
        }
        return new Judgement(loss / wanted, (double) right / wanted);
    }

    private static int right(double[] logits, int outputs, float[] target) {
        int right = 0;
        for (int row = 0; row < target.length; row++) {
            if (target[row] != Batch.NOTHING) {
                int best = 0;
                for (int k = 1; k < outputs; k++) {
                    best = logits[row * outputs + k] > logits[row * outputs + best] ? k : best;
                }
                right += best == (int) target[row] ? 1 : 0;
            }
        }
        return right;
    }
}
