package io.headwater.engine.closed;

/** The probability of each class before a sample is seen. */
public enum ClassPrior {
    /** The frequency in the stream, with one more sample of each class. */
    STREAM,
    /** The same for all classes that have samples; it suits streams whose imbalance is not that of the requests. */
    UNIFORM
}
