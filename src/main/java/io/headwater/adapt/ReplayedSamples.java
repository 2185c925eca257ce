package io.headwater.adapt;

/**
 * Remembers samples alone, which the memory of the lane replays: experience replay (Chaudhry et al., "On Tiny Episodic
 * Memories in Continual Learning", 2019).
 */
record ReplayedSamples() implements Remembering {}
