package io.headwater.adapt;

/**
 * Champion and challenger on identical samples, before either learned from them.
 *
 * @param samples compared
 * @param champion mean score, from 0 to 1; 0 without samples
 * @param challenger mean score, from 0 to 1; 0 without samples
 */
public record Comparison(int samples, double champion, double challenger) {}
