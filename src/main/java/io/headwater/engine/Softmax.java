package io.headwater.engine;

/**
 * The softmax of some logits of a sample. In double precision and with {@code StrictMath}, so that the same logits give the same
 * bits everywhere.
 *
 * @param logits of the whole sample
 * @param from index of the first
 * @param step from one to the next: 1 along a row, as many as the outputs down a column
 * @param count how many, positive
 */
public record Softmax(double[] logits, int from, int step, int count) {

    /** Of {@code count} logits that lie side by side. */
    public static Softmax ofRow(double[] logits, int from, int count) {
        return new Softmax(logits, from, 1, count);
    }

    /** The probabilities, each 0 to 1 and together 1. */
    public double[] probabilities() {
        double[] probabilities = exponentials(largest());
        double sum = sum(probabilities);
        for (int i = 0; i < count; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** The logarithm of each probability: finite, for it is never taken of a probability that has become 0. */
    public double[] logProbabilities() {
        double largest = largest();
        double logOfSum = StrictMath.log(sum(exponentials(largest)));
        double[] logs = new double[count];
        for (int i = 0; i < count; i++) {
            logs[i] = logits[from + i * step] - largest - logOfSum;
        }
        return logs;
    }

    /**
     * {@code weight} × the cross-entropy with a distribution that gives {@code target} 1 − {@code smoothing} and shares
     * {@code smoothing} among all alike (Szegedy et al. 2016, "Rethinking the Inception Architecture for Computer
     * Vision", section 7).
     *
     * @param gradient of the whole sample, to which that of these logits is added
     */
    public double crossEntropy(int target, double smoothing, double weight, double[] gradient) {
        double[] logs = logProbabilities();
        double share = smoothing / count;
        double loss = 0;
        for (int i = 0; i < count; i++) {
            double wanted = i == target ? 1 - smoothing + share : share;
            loss -= wanted * logs[i];
            gradient[from + i * step] += weight * (StrictMath.exp(logs[i]) - wanted);
        }
        return weight * loss;
    }

    private double largest() {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, logits[from + i * step]);
        }
        return largest;
    }

    /** Of each logit less the largest, so that none overflows. */
    private double[] exponentials(double largest) {
        double[] exponentials = new double[count];
        for (int i = 0; i < count; i++) {
            exponentials[i] = StrictMath.exp(logits[from + i * step] - largest);
        }
        return exponentials;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
