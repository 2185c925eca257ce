package io.headwater.engine;

/**
 * The trainable part of a model: features in, logits out. Not safe for use by several threads.
 *
 * <p>Same state, same calls, same thread setting: same bits.
 */
public interface Head extends AutoCloseable {

    /** How many features it reads of a sample, or of each position of one. */
    int inputs();

    /** How many numbers it says of a sample, or of each position of one. */
    int outputs();

    /**
     * What the output layer says, before any activation.
     *
     * @param features of n samples, each {@link #inputs()} values or as many for each position
     * @return n rows of {@link #outputs()} values, or as many for each position
     */
    float[][] logits(float[][] features);

    /**
     * The probabilities of every class, where the output layer tells classes apart.
     *
     * @param features as {@link #logits} reads them
     * @return as many values as logits; those of each position from 0 to 1 and together 1
     */
    default float[][] probabilities(float[][] features) {
        float[][] probabilities = logits(features);
        for (float[] row : probabilities) {
            for (int from = 0; from < row.length; from += outputs()) {
                Logits.softmax(row, from, outputs());
            }
        }
        return probabilities;
    }

    /**
     * One step of the optimiser on the mean over the samples of weight × loss.
     *
     * @param features of n samples, as {@link #logits} reads them
     * @param targets n of them, as the objective reads them: for classes, {@link #outputs()} probabilities
     * @param weights n positive weights, one a sample
     * @return that mean before the step
     */
    double train(float[][] features, float[][] targets, float[] weights);

    /** A copy of its weights and its optimiser's state. */
    HeadState state();

    @Override
    void close();
}
