package io.headwater.adapt.ask;

import java.util.Collection;
import java.util.List;

/** How doubtful a prediction is, by its calibrated probabilities: from 0 for certain to 1. */
public final class Doubt {
    private Doubt() {}

    /**
     * Returns 1 less the difference between the two largest probabilities (Scheffer, Decomain, Wrobel, Active Hidden Markov
     * Models for Information Extraction, 2001); 0 where there are fewer than two.
     *
     * @param probabilities of classes of which one is right
     */
    public static double margin(Collection<Float> probabilities) {
        double first = 0;
        double second = 0;
        for (double one : probabilities) {
            if (one > first) {
                second = first;
                first = one;
            } else if (one > second) {
                second = one;
            }
        }
        return probabilities.size() < 2 ? 0 : within(1 - first + second);
    }

    /**
     * Returns the entropy as a part of that of equal probabilities (Shannon, A Mathematical Theory of Communication, 1948); 0 where
     * there are fewer than two.
     *
     * @param probabilities of classes of which one is right
     */
    public static double entropy(Collection<Float> probabilities) {
        double entropy = 0;
        for (double one : probabilities) {
            entropy += surprise(one);
        }
        return probabilities.size() < 2 ? 0 : within(entropy / Math.log(probabilities.size()));
    }

    /**
     * Returns by how much several predictions of one request differ: the entropy of their mean less the mean of their entropies (the
     * Jensen-Shannon divergence: Lin, Divergence Measures Based on the Shannon Entropy, 1991; for what to label: McCallum and Nigam,
     * Employing EM and Pool-Based Active Learning for Text Classification, 1998), as a part of the most that it can be for so many
     * predictions and classes. It is 0 where there are fewer than two of either.
     *
     * @param predictions probabilities of the same classes, of which one is right
     */
    public static double disagreement(List<float[]> predictions) {
        int classes = predictions.isEmpty() ? 0 : predictions.get(0).length;
        double most = Math.log(Math.min(predictions.size(), classes));
        if (!(most > 0)) {
            return 0;
        }
        double divergence = 0;
        for (int i = 0; i < classes; i++) {
            double mean = 0;
            for (float[] one : predictions) {
                mean += (double) one[i] / predictions.size();
                divergence -= surprise(one[i]) / predictions.size();
            }
            divergence += surprise(mean);
        }
        return within(divergence / most);
    }

    /** Returns the part of an entropy that a probability contributes. */
    private static double surprise(double probability) {
        return probability > 0 ? -probability * Math.log(probability) : 0;
    }

    /** Returns {@code value} within 0 and 1; 0 for NaN, so that what says nothing of its doubt is not preferred. */
    static double within(double value) {
        return value > 0 ? Math.min(1, value) : 0;
    }
}
