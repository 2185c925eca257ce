package io.headwater.adapt;

/**
 * What the gate says of a challenger.
 *
 * @param promoted whether it serves from now on
 * @param reason why, with the numbers
 */
public record Verdict(boolean promoted, String reason) {}
