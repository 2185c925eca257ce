package io.headwater.adapt.race;

/**
 * A change of a stream that was detected from the errors of the serving version.
 *
 * @param evidence natural logarithm of the evidence for it
 * @param threshold evidence from which a change is reported
 */
public record Change(double evidence, double threshold) {}
