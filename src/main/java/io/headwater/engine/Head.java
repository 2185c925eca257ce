package io.headwater.engine;

/**
 * The trainable part of a model, which computes logits from features. Not safe for use by several threads.
 *
 * <p>The same state, calls and number of threads give the same bits.
 */
public interface Head extends AutoCloseable {

    /** Returns the number of features of a sample, or of each of its positions. */
    int inputs();

    /** Returns the number of logits of a sample, or of each of its positions. */
    int outputs();

    /**
     * Returns the values of the output layer before any activation.
     *
     * @param features n samples, each of {@link #inputs()} values, or of that many for each position
     * @return n rows of {@link #outputs()} values, or of that many for each position
     */
    float[][] logits(float[][] features);

    /**
     * Returns the softmax of the logits: the probabilities of all classes, for classification.
     *
     * @param features n samples, as for {@link #logits}
     * @return as many values as logits; those of each position are from 0 to 1 and sum to 1
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
     * Tells the head of new samples before it is trained on them. A head that scales its features measures them here; to
     * others it makes no difference. Logits do not change.
     *
     * @param features n samples, as for {@link #logits}, each given once
     */
    default void observe(float[][] features) {}

    /**
     * Takes one step of the optimiser on the mean of weight × loss over the samples.
     *
     * @param features n samples, as for {@link #logits}
     * @param targets n targets in the form that the objective expects: for classes, {@link #outputs()} probabilities
     * @param weights n positive weights, one per sample
     * @return that mean before the step
     */
    double train(float[][] features, float[][] targets, float[] weights);

    /** Returns a copy of its weights and of its optimiser's state. */
    HeadState state();

    @Override
    void close();
}
