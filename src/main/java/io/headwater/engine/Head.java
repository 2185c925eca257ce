package io.headwater.engine;

/**
 * The trainable part of a model: features in, probabilities of classes out. Not safe for use by several threads.
 *
 * <p>Same state, same calls, same thread setting: same bits.
 */
public interface Head extends AutoCloseable {

    /** How many features it reads. */
    int inputs();

    /** How many classes it tells apart. */
    int outputs();

    /**
     * The probabilities of every class.
     *
     * @param features n rows of {@link #inputs()} values
     * @return n rows of {@link #outputs()} values, each row from 0 to 1 and together 1
     */
    float[][] probabilities(float[][] features);

    /**
     * One step of the optimiser on the mean over the rows of weight × cross-entropy.
     *
     * @param features n rows of {@link #inputs()} values
     * @param targets n rows of {@link #outputs()} probabilities
     * @param weights n positive weights, one a row
     * @return that mean before the step
     */
    double train(float[][] features, float[][] targets, float[] weights);

    /** A copy of its weights and its optimiser's state. */
    HeadState state();

    @Override
    void close();
}
