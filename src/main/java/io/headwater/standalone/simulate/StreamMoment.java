package io.headwater.standalone.simulate;

import java.util.Arrays;

/**
 * What a stream is like at one time.
 *
 * @param proportions proportion of each class among the new samples; at least one is above 0
 * @param judged proportion of each class among the samples by which versions are judged at this time
 * @param turned probability that a sample belongs to the second concept, in which each class has the features of the next
 * @param judgedTurned whether versions are judged by the second concept
 * @param random probability that the label of a sample is a random class
 * @param poisoned probability that the label of a sample is the next class
 */
record StreamMoment(
        double[] proportions, double[] judged, double turned, boolean judgedTurned, double random, double poisoned) {
    /** The probability from which most samples belong to the second concept. */
    private static final double MOST = 0.5;

    /** Returns a moment with correct labels of the first concept. */
    static StreamMoment of(double[] proportions, double[] judged) {
        return new StreamMoment(proportions, judged, 0, false, 0, 0);
    }

    StreamMoment withTurned(double probability, boolean isJudged) {
        return new StreamMoment(proportions, judged, probability, isJudged, random, poisoned);
    }

    StreamMoment withRandom(double probability) {
        return new StreamMoment(proportions, judged, turned, judgedTurned, probability, poisoned);
    }

    StreamMoment withPoisoned(double probability) {
        return new StreamMoment(proportions, judged, turned, judgedTurned, random, probability);
    }

    /** Returns whether the stream of this moment follows another rule than that of an earlier one. */
    boolean differsFrom(StreamMoment earlier) {
        return turned >= MOST != earlier.turned >= MOST
                || random != earlier.random
                || poisoned != earlier.poisoned
                || !Arrays.equals(proportions, earlier.proportions);
    }
}
