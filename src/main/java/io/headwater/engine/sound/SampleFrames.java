package io.headwater.engine.sound;

/** Frames that are the samples themselves. */
final class SampleFrames implements SoundFrames {
    @Override
    public int width() {
        return 1;
    }

    @Override
    public float[] of(float[] samples) {
        return samples;
    }

    @Override
    public int samples(int frames) {
        return frames;
    }
}
