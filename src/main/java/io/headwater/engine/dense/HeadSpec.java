package io.headwater.engine.dense;

import io.headwater.engine.OutputLayer;

/**
 * The form of a head.
 *
 * @param inputs features of a sample, or of each position of one; positive
 * @param hidden width of the hidden layer; 0 for none
 * @param learningRate of Adam
 * @param seed of the first weights; not 0, which is not reproducible
 * @param output what the output layer is for
 */
public record HeadSpec(int inputs, int hidden, double learningRate, long seed, OutputLayer output) {
    public HeadSpec {
        if (inputs < 1 || hidden < 0 || !(learningRate > 0) || seed == 0) {
            throw new IllegalArgumentException(
                    "a head needs inputs > 0, hidden >= 0, learningRate > 0 and seed != 0, but has " + inputs + ", "
                            + hidden + ", " + learningRate + ", " + seed);
        }
    }

    /** The form of a head that tells classes apart. */
    public HeadSpec(int inputs, int hidden, double learningRate, long seed) {
        this(inputs, hidden, learningRate, seed, OutputLayer.CLASSES);
    }
}
