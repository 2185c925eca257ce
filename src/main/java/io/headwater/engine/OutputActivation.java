package io.headwater.engine;

/** The function that turns logits into a result. */
public enum OutputActivation {
    /** Softmax over the outputs: probabilities that sum to 1. */
    SOFTMAX,
    /** A sigmoid of each output: independent probabilities. */
    SIGMOID,
    /** No activation: the logits are the result. */
    NONE
}
