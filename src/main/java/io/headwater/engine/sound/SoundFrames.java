package io.headwater.engine.sound;

/** What a base model reads of a sound: frames in the order of time. Safe for use by several threads. */
interface SoundFrames extends AutoCloseable {

    /** Values of a frame. */
    int width();

    /**
     * The frames of a sound, one after another.
     *
     * @param samples at the amplitude that the manifest says, at least as many as one frame takes
     */
    float[] of(float[] samples);

    /**
     * The fewest samples that give so many frames.
     *
     * @param frames at least one
     */
    int samples(int frames);

    @Override
    default void close() {}
}
