package io.headwater.adapt.ask;

import java.util.Collection;

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
            entropy -= one > 0 ? one * Math.log(one) : 0;
        }
        return probabilities.size() < 2 ? 0 : within(entropy / Math.log(probabilities.size()));
    }

    /** Returns {@code value} within 0 and 1; 0 for NaN, so that what says nothing of its doubt is not preferred. */
    static double within(double value) {
        return value > 0 ? Math.min(1, value) : 0;
    }
}
