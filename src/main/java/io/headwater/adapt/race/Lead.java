package io.headwater.adapt.race;

import io.headwater.adapt.state.SectionReader;
import io.headwater.adapt.state.SectionWriter;

/**
 * By how much one contender was better than another one on the newest samples that both predicted, for contenders that learn
 * meanwhile. The mean counts later samples more than earlier ones: the i-th of n samples has a weight in proportion to the square of i
 * (polynomial-decay averaging: Shamir and Zhang 2013, "Stochastic Gradient Descent for Non-smooth Optimization"), so that what both knew
 * before the first labels is soon forgotten, and however many samples there are, about as many as {@value #MOST} count. Not thread-safe.
 */
final class Lead {
    /** Samples of which the newest one has at least the weight 1 / {@value}. */
    private static final int MOST = 256;

    /** One more than the power of its number with which a sample counts. */
    private static final double DECAY = 3;

    private static final int STATE = 4;

    private long samples;
    private double mean;
    private double meanSquare;
    /** The sum of the squares of the weights of the samples, whose sum is 1. */
    private double squaredWeights;

    /** Adds a sample, on which the one was better by {@code difference}. */
    void add(double difference) {
        samples++;
        double weight = Math.max(1.0 / MOST, DECAY / (samples + DECAY - 1));
        mean += (difference - mean) * weight;
        meanSquare += (difference * difference - meanSquare) * weight;
        squaredWeights = (1 - weight) * (1 - weight) * squaredWeights + weight * weight;
    }

    /** Returns whether it was better on average, by more than one standard error. */
    boolean isVisible() {
        double variance = Math.max(0, meanSquare - mean * mean);
        return mean > 0 && squaredWeights < 1 && mean > Math.sqrt(variance * squaredWeights / (1 - squaredWeights));
    }

    /** Returns by how much it was better on average; 0 without samples. */
    double mean() {
        return mean;
    }

    /** Forgets all samples. */
    void clear() {
        samples = 0;
        mean = 0;
        meanSquare = 0;
        squaredWeights = 0;
    }

    void write(String name, SectionWriter section) {
        section.doubles(name, new double[] {samples, mean, meanSquare, squaredWeights});
    }

    static Lead read(String name, SectionReader section) {
        double[] state = section.doubles(name, STATE);
        Lead read = new Lead();
        read.samples = (long) state[0];
        read.mean = state[1];
        read.meanSquare = state[2];
        read.squaredWeights = state[3];
        return read;
    }
}
