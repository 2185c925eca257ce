package io.headwater.engine.top;

/** What a parameter does. */
public enum ParameterRole {
    /** Multiplies: matrices, kernels, embedding tables. */
    WEIGHT,
    /** Scales what was normalised, or slopes of an activation. */
    SCALE,
    /** Is added. */
    BIAS,
    /** A running mean or variance: it follows what steps measure, and has no gradient. */
    STATISTIC
}
