package io.headwater.task.sound;

/**
 * A mono sound.
 *
 * @param samples finite samples from −1 to 1; a file of floats may exceed this range
 * @param rate samples per second
 */
record Sound(float[] samples, int rate) {}
