package io.headwater.adapt.ask;

import org.jspecify.annotations.Nullable;

/**
 * How much a request is like the requests before it: by the distance of its features to their running mean, where each feature is
 * divided by its running deviation. The weighting of doubt by density is that of Settles and Craven, An Analysis of Active Learning
 * Strategies for Sequence Labeling Tasks, 2008; a mean in the place of all other requests needs two numbers for each feature,
 * however long the stream is. Not safe for use by several threads.
 */
final class FeatureDensity {
    /** Requests after which an earlier one counts 1/e. */
    private static final int MEMORY = 1024;

    private double @Nullable [] means;
    private double @Nullable [] variances;
    private long seen;

    /**
     * Returns from 0 to 1 how near the features are to the mean of those before, then includes them. It is 0 for as long as there is no
     * variance to compare with, and for features of another width than the first ones, as those of texts of different lengths are
     * below an unfrozen top.
     */
    double nearness(float[] features) {
        if (means == null || variances == null) {
            means = new double[features.length];
            variances = new double[features.length];
        }
        if (features.length != means.length || features.length == 0) {
            return 0;
        }
        double distance = 0;
        int compared = 0;
        for (int i = 0; i < features.length; i++) {
            double difference = features[i] - means[i];
            if (variances[i] > 0) {
                distance += difference * difference / variances[i];
                compared++;
            }
        }
        include(features, means, variances);
        return compared == 0 ? 0 : 1 / (1 + distance / compared);
    }

    /** Welford's update, with a step that stays above 1/{@value #MEMORY}. */
    private void include(float[] features, double[] mean, double[] variance) {
        seen++;
        double step = Math.max(1.0 / seen, 1.0 / MEMORY);
        for (int i = 0; i < features.length; i++) {
            double difference = features[i] - mean[i];
            mean[i] += step * difference;
            variance[i] = (1 - step) * (variance[i] + step * difference * difference);
        }
    }
}
