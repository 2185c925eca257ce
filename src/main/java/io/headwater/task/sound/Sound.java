package io.headwater.task.sound;

/**
 * Sound of one channel.
 *
 * @param samples finite, −1 to 1 unless a file of floats says more
 * @param rate samples a second
 */
record Sound(float[] samples, int rate) {}
