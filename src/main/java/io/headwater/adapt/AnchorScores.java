package io.headwater.adapt;

/**
 * What is remembered of the source domain, in the mean score on the anchor set.
 *
 * @param samples in the anchor set
 * @param reference what the challenger must not fall below by more than the allowed points
 * @param challenger from 0 to 1
 */
public record AnchorScores(int samples, double reference, double challenger) {}
