package io.headwater.engine;

/** What makes an answer of logits. */
public enum OutputActivation {
    /** Softmax over the outputs: probabilities that sum to 1. */
    SOFTMAX,
    /** A sigmoid of each output: probabilities of their own. */
    SIGMOID,
    /** Nothing: the logits are the answer. */
    NONE
}
