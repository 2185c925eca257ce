package io.headwater.engine;

/**
 * The softmax of some of a sample's logits. It is computed in double precision and with {@code StrictMath}, so that
 * the same logits give the same bits on every platform.
 *
 * @param logits the logits of the whole sample
 * @param from the index of the first logit
 * @param step the distance between consecutive logits: 1 along a row, the number of outputs down a column
 * @param count the number of logits, positive
 */
public record Softmax(double[] logits, int from, int step, int count) {

    /** Returns the softmax of {@code count} adjacent logits. */
    public static Softmax ofRow(double[] logits, int from, int count) {
        return new Softmax(logits, from, 1, count);
    }

    /** Returns the probabilities, each from 0 to 1 and with a sum of 1. */
    public double[] probabilities() {
        double[] probabilities = exponentials(largest());
        double sum = sum(probabilities);
        for (int i = 0; i < count; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /**
     * Returns the logarithms of the probabilities. They are finite, because they are computed without first rounding a
     * probability to 0.
     */
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
     * Returns {@code weight} × the cross-entropy with a target distribution that gives {@code target} 1 −
     * {@code smoothing} and distributes {@code smoothing} evenly over all classes (Szegedy et al. 2016, "Rethinking
     * the Inception Architecture for Computer Vision", section 7).
     *
     * @param gradient the gradient of the whole sample, to which the gradient of these logits is added
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

    /** Returns the exponential of each logit minus the largest, which prevents overflow. */
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
