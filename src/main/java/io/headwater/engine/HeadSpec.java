package io.headwater.engine;

/**
 * The form of a head.
 *
 * @param inputs features, positive
 * @param hidden width of the hidden layer; 0 for none
 * @param learningRate of Adam
 * @param seed of the first weights; not 0, which is not reproducible
 */
public record HeadSpec(int inputs, int hidden, double learningRate, long seed) {
    public HeadSpec {
        if (inputs < 1 || hidden < 0 || !(learningRate > 0) || seed == 0) {
            throw new IllegalArgumentException(
                    "a head needs inputs > 0, hidden >= 0, learningRate > 0 and seed != 0, but has " + inputs + ", "
                            + hidden + ", " + learningRate + ", " + seed);
        }
    }
}
