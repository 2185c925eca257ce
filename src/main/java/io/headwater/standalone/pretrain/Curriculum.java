package io.headwater.standalone.pretrain;

/** What a model learns from: samples by number, the same whenever they are asked for. */
interface Curriculum {

    /** How many there are. */
    int samples();

    /**
     * A sample.
     *
     * @param index from 0
     * @param turn of the sample: what is random about it depends on this alone
     */
    Batch.Sample sample(int index, long turn);

    /** Whether perplexity says something: the model guesses tokens. */
    boolean isLanguage();
}
