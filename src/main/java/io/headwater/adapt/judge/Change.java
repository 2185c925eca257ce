package io.headwater.adapt.judge;

/**
 * A change of a stream that was detected from errors.
 *
 * @param signal whose errors rose, such as {@code championError}
 * @param evidence natural logarithm of the evidence for it
 * @param threshold evidence from which a change is reported
 */
public record Change(String signal, double evidence, double threshold) {}
