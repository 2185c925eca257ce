package io.headwater.engine.closed;

import java.util.Arrays;

/**
 * An affine map of features of which no targets are known to those on which an output layer was learned: each feature is
 * moved and stretched so that it has the mean and the deviation that it had there (Li, Wang, Shi, Liu and Hou 2016,
 * "Revisiting Batch Normalization For Practical Domain Adaptation"). The map becomes a part of the weights.
 *
 * <p>Whole covariances (Sun, Feng and Saenko 2016, "Return of Frustratingly Easy Domain Adaptation") are not aligned: what a
 * few hundred rows say about correlations is mostly chance, and accuracy fell on spoken digits of another speaker, where means
 * and deviations helped.
 *
 * <p>Where means and deviations differ by no more than those of samples of the same distribution do, nothing is changed, and a
 * little more than that counts in part: all differences are shrunk by the positive part of the estimate of James and Stein 1961,
 * "Estimation with Quadratic Loss".
 *
 * @param factors what each feature is multiplied by, positive
 * @param shifts what is then added to it
 */
public record Alignment(double[] factors, double[] shifts) {
    /** So many further rows count that have the mean and the deviation of those with targets. */
    private static final double PRIOR_ROWS = 4;

    /** The variance that is added to that of each feature, relative to their mean, so that one that hardly varies stays so. */
    private static final double LEAST_VARIANCE = 1e-2;

    /** The variance of the logarithm of the variance of normal values is about so many times 1 / their number. */
    private static final double VARIANCE_OF_LOG = 2;

    /**
     * Returns the map.
     *
     * @param learned moments of rows with targets, at least one
     * @param found sums of the rows to align; without any, nothing is changed
     */
    public static Alignment of(CentredMoments learned, FeatureSums found) {
        int width = learned.width();
        double[] factors = new double[width];
        double[] shifts = new double[width];
        double[] means = found.mean();
        double[] variances = found.variance();
        double least = LEAST_VARIANCE * Math.max(0, learned.trace()) / learned.rows() / width;
        double share = found.rows() / (found.rows() + PRIOR_ROWS);
        double[] stretches = new double[width];
        double moved = 0;
        double stretched = 0;
        for (int i = 0; i < width; i++) {
            double variance = variance(learned, i);
            double away = means[i] - learned.mean()[i];
            double mixed = share * variances[i] + (1 - share) * variance;
            stretches[i] = least > 0 ? StrictMath.log((variance + least) / (mixed + least)) : 0;
            moved += least > 0 ? away * away / (variance + least) / width : 0;
            stretched += stretches[i] * stretches[i] / width;
        }
        double chance = 1.0 / found.rows() + 1.0 / learned.rows(); // infinite without rows
        double ofMeans = share * beyond(chance, moved);
        double ofDeviations = beyond(VARIANCE_OF_LOG * chance, stretched);
        for (int i = 0; i < width; i++) {
            double mean = learned.mean()[i];
            factors[i] = StrictMath.exp(ofDeviations * stretches[i] / 2);
            shifts[i] = mean - factors[i] * (mean + ofMeans * (means[i] - mean));
        }
        return new Alignment(factors, shifts);
    }

    private static double variance(CentredMoments learned, int feature) {
        return Math.max(0, learned.scatter()[feature * learned.width() + feature]) / learned.rows();
    }

    /** Returns the part of a mean square that chance does not explain. */
    private static double beyond(double chance, double square) {
        return square > chance ? 1 - chance / square : 0;
    }

    /** Returns a row of features as the map gives it. */
    public float[] map(float[] features) {
        float[] mapped = new float[features.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = (float) (factors[i] * features[i] + shifts[i]);
        }
        return mapped;
    }

    /** Returns the weights that give, for features as they are, the logits of {@code weights} for mapped ones. */
    public LinearWeights into(LinearWeights weights) {
        int outputs = weights.outputs();
        float[] matrix = weights.weights().clone();
        double[] biases = new double[outputs];
        for (int i = 0; i < factors.length; i++) {
            for (int output = 0; output < outputs; output++) {
                biases[output] += shifts[i] * matrix[i * outputs + output];
                matrix[i * outputs + output] *= (float) factors[i];
            }
        }
        float[] shifted = Arrays.copyOf(weights.biases(), outputs);
        for (int output = 0; output < outputs; output++) {
            shifted[output] += (float) biases[output];
        }
        return new LinearWeights(weights.inputs(), outputs, matrix, shifted);
    }
}
