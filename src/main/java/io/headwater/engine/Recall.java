package io.headwater.engine;

/**
 * A penalty on the distance of logits from those that the same head, or a former one, computed for the same sample.
 * Outputs that were not known then are free. Safe for use by several threads; the same numbers give the same bits.
 */
public sealed interface Recall permits Recall.SquaredDifference, Recall.Distillation {

    /** Returns how much the penalty counts, at least 0. */
    double strength();

    /**
     * Adds the gradient of the penalty of one row of logits.
     *
     * @param logits the logits of the sample
     * @param from the index of the first logit of the row
     * @param former the former logits of the sample
     * @param formerFrom the index of the first former logit of the row
     * @param known the number of outputs that were known, positive
     * @param share what the row counts, for example 1 divided by the number of rows
     * @param gradient receives the gradient with respect to the logits
     * @return the penalty, multiplied by the share
     */
    double add(double[] logits, int from, float[] former, int formerFrom, int known, double share, double[] gradient);

    /**
     * The mean squared difference of the logits, as in DER++: Buzzega et al., "Dark Experience for General Continual
     * Learning: a Strong, Simple Baseline", 2020.
     */
    record SquaredDifference(double strength) implements Recall {
        @Override
        public double add(
                double[] logits, int from, float[] former, int formerFrom, int known, double share, double[] gradient) {
            double factor = strength * share / known;
            double sum = 0;
            for (int i = 0; i < known; i++) {
                double difference = logits[from + i] - former[formerFrom + i];
                sum += difference * difference;
                gradient[from + i] += 2 * factor * difference;
            }
            return factor * sum;
        }
    }

    /**
     * The Kullback-Leibler divergence of the probabilities from the former ones, both at a higher temperature, as in LwF:
     * Li and Hoiem, "Learning without Forgetting", 2016. It is multiplied by the squared temperature, so that its gradient
     * does not depend on the temperature where differences are small.
     */
    record Distillation(double strength) implements Recall {
        /** The temperature of the original. */
        private static final double TEMPERATURE = 2;

        @Override
        public double add(
                double[] logits, int from, float[] former, int formerFrom, int known, double share, double[] gradient) {
            double[] now = new double[known];
            double[] then = new double[known];
            for (int i = 0; i < known; i++) {
                now[i] = logits[from + i] / TEMPERATURE;
                then[i] = former[formerFrom + i] / TEMPERATURE;
            }
            double[] wanted = Softmax.ofRow(then, 0, known).probabilities();
            double[] given = Softmax.ofRow(now, 0, known).probabilities();
            double factor = strength * share * TEMPERATURE;
            double divergence = 0;
            for (int i = 0; i < known; i++) {
                if (wanted[i] > 0) {
                    divergence += wanted[i] * StrictMath.log(wanted[i] / Math.max(given[i], Double.MIN_NORMAL));
                }
                gradient[from + i] += factor * (given[i] - wanted[i]);
            }
            return factor * TEMPERATURE * divergence;
        }
    }
}
