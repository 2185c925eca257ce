package io.headwater.standalone.pretrain;

/** The training samples of a model by index; the same arguments always give the same sample. */
interface Curriculum {

    /** Returns the number of samples. */
    int samples();

    /**
     * Returns a sample.
     *
     * @param index index of the sample, from 0
     * @param turn position of the sample in the training sequence; any randomness in the sample depends only on this
     */
    Batch.Sample sample(int index, long turn);

    /** Returns whether the model predicts tokens, so that perplexity is meaningful. */
    boolean isLanguage();
}
