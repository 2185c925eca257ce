package io.headwater.task.goal;

import java.util.Collection;

/**
 * How far the probabilities of classes can be trusted.
 *
 * @param samples scored, positive
 * @param k how many of the likeliest classes {@code topKAccuracy} looks at, positive
 * @param topKAccuracy share of samples whose expected class is among the {@code k} likeliest, 0 to 1
 * @param ece expected calibration error, 0 to 1: the mean, weighted by samples, over {@value #BINS} bins of confidence of
 *     equal width of how far the accuracy in a bin is from its mean confidence (Guo et al. 2017, "On Calibration of Modern
 *     Neural Networks")
 */
public record CalibrationMetrics(long samples, int k, double topKAccuracy, double ece) {
    /** Of confidence, each without its lower bound and with its upper. */
    public static final int BINS = 15;

    /**
     * One scored sample.
     *
     * @param rank how many classes are taken to be likelier than the expected one: 0 when the prediction is right
     * @param confidence probability of the predicted class, 0 to 1
     */
    public record Ranked(int rank, double confidence) {

        /**
         * The rank of a class. Of equals, the class whose output comes first is taken to be likelier.
         *
         * @param expected output of the expected class; -1 when the model does not know it, which ranks behind all
         * @param probabilities by output, at least one, 0 to 1
         * @throws IllegalArgumentException when there is no such output, or a probability is not 0 to 1
         */
        public static Ranked of(int expected, float[] probabilities) {
            if (expected < -1 || expected >= probabilities.length || probabilities.length == 0) {
                throw new IllegalArgumentException("the expected class must be one of " + probabilities.length
                        + " outputs or -1, but is " + expected + "; score it with the head that predicted");
            }
            double confidence = 0;
            int rank = 0;
            for (int i = 0; i < probabilities.length; i++) {
                float probability = probabilities[i];
                if (!(probability >= 0 && probability <= 1)) {
                    throw new IllegalArgumentException(
                            "probability must be 0 to 1, but is " + probability + "; normalise it");
                }
                confidence = Math.max(confidence, probability);
                boolean isLikelier = expected == -1
                        || probability > probabilities[expected]
                        || probability == probabilities[expected] && i < expected;
                rank += isLikelier ? 1 : 0;
            }
            return new Ranked(rank, confidence);
        }
    }

    /**
     * The metrics of {@code samples}.
     *
     * @throws IllegalArgumentException when there are none, or {@code k} is not positive
     */
    public static CalibrationMetrics of(Collection<Ranked> samples, int k) {
        ScoredSamples.some(samples);
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1, but is " + k + "; 5 is common");
        }
        // The samples cancel out: what is left of each bin is how far its hits are from the sum of its confidences.
        double[] gaps = new double[BINS];
        long right = 0;
        for (Ranked sample : samples) {
            right += sample.rank() < k ? 1 : 0;
            int bin = (int) Math.ceil(sample.confidence() * BINS) - 1;
            gaps[Math.max(0, Math.min(BINS - 1, bin))] += (sample.rank() == 0 ? 1 : 0) - sample.confidence();
        }
        double sum = 0;
        for (double gap : gaps) {
            sum += Math.abs(gap);
        }
        return new CalibrationMetrics(samples.size(), k, (double) right / samples.size(), sum / samples.size());
    }
}
