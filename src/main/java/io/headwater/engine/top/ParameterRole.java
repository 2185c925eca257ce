package io.headwater.engine.top;

/** How a model uses a parameter. */
public enum ParameterRole {
    /** Weights: matrices, kernels and embedding tables. */
    WEIGHT,
    /** Scales of normalisations and slopes of activations. */
    SCALE,
    /** Biases, which are added. */
    BIAS,
    /** A running mean or variance: it is updated from the statistics of the steps and has no gradient. */
    STATISTIC
}
