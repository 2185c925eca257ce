package io.headwater.engine.dense;

import io.headwater.engine.OutputLayer;

/**
 * The layers of a head and its initial settings.
 *
 * @param inputs the number of features of a sample, or of each of its positions; positive
 * @param hidden the width of the hidden layer; 0 for none
 * @param learningRate the learning rate before any schedule
 * @param seed the seed of the initial weights; not 0, which would not be reproducible
 * @param output the output layer of the task
 */
public record HeadSpec(int inputs, int hidden, double learningRate, long seed, OutputLayer output) {
    public HeadSpec {
        if (inputs < 1 || hidden < 0 || !(learningRate > 0) || seed == 0) {
            throw new IllegalArgumentException(
                    "a head needs inputs > 0, hidden >= 0, learningRate > 0 and seed != 0, but has " + inputs + ", "
                            + hidden + ", " + learningRate + ", " + seed);
        }
    }

    /** Creates the form of a classifier. */
    public HeadSpec(int inputs, int hidden, double learningRate, long seed) {
        this(inputs, hidden, learningRate, seed, OutputLayer.CLASSES);
    }
}
