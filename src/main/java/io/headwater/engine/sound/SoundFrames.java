package io.headwater.engine.sound;

/** Converts a sound into the frames that a base model reads, in temporal order. Safe for use by several threads. */
interface SoundFrames extends AutoCloseable {

    /** Returns the number of values of a frame. */
    int width();

    /**
     * Returns the frames of a sound in one array.
     *
     * @param samples the samples at the amplitude of the manifest, at least as many as one frame needs
     */
    float[] of(float[] samples);

    /**
     * Returns the minimum number of samples that gives {@code frames} frames.
     *
     * @param frames at least one
     */
    int samples(int frames);

    @Override
    default void close() {}
}
