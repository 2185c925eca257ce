package io.headwater.engine.sound;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.LogMel;
import io.headwater.config.Stage;
import io.headwater.engine.ModelInput;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Converts sounds into frames and divides them into windows.
 *
 * @param input the settings of frames and windows
 * @param maker converts sounds into frames
 * @param least the minimum number of samples, below which a sound is padded: those of one window
 * @param margin the number of samples of silence around a sound, half of them before it
 */
record SoundCutter(AudioInput input, SoundFrames maker, int least, int margin) {
    private static final float INT16 = 32_768;

    /**
     * Returns the cutter for {@code input}. If a window gives a single vector, silence is added around a sound, so
     * that each step has a window around it.
     *
     * @throws io.headwater.engine.BackboneException when the frames do not match the manifest
     */
    static SoundCutter of(AudioInput input, SoundFrames maker, WindowJoin join) {
        int size = input.windows().size();
        int least = maker.samples(size); // runs a front end many times
        int step = Math.min(input.windows().step(), size);
        boolean single = join instanceof WindowFrames vectors && vectors.count() == 1;
        return new SoundCutter(input, maker, least, single ? least - maker.samples(step) : 0);
    }

    /** Returns the number of frames in a row of {@code frames}. */
    int count(float[] frames) {
        return frames.length / maker.width();
    }

    /**
     * Returns how many of {@code count} frames are covered by the sound: all, unless the sound was shorter than a
     * window.
     */
    double real(int samples, int count) {
        int padded = samples + margin;
        return padded >= least ? count : (double) input.windows().size() * padded / least;
    }

    /** Returns the number of windows of the longest clip. */
    int most() {
        float[] longest = frames(new float[input.maxSamples()]);
        return starts(count(longest)).length;
    }

    /** Returns the start of each window in a sound of {@code count} frames. */
    int[] starts(int count) {
        int last = count - input.windows().size();
        IntStream steps = IntStream.rangeClosed(0, last / input.windows().step())
                .map(step -> step * input.windows().step());
        return last % input.windows().step() == 0
                ? steps.toArray()
                : IntStream.concat(steps, IntStream.of(last)).toArray();
    }

    /** Returns the frames of the window that starts at {@code start}, in the layout that the model reads. */
    ModelInput window(float[] all, int start) {
        int width = maker.width();
        int size = input.windows().size();
        float[] values = Arrays.copyOfRange(all, start * width, (start + size) * width);
        return new ModelInput.Numbers(isTransposed() ? transposed(values, size, width) : values);
    }

    private boolean isTransposed() {
        return input.reads() instanceof LogMel mel && !mel.form().axes().isFrameMajor()
                || input.reads() instanceof Stage stage && !stage.form().axes().isFrameMajor();
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] transposed = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = values[row * columns + column];
            }
        }
        return transposed;
    }

    /** Returns the frames of a sound with these samples, at least as many as a window has. */
    float[] frames(float[] samples) {
        return maker.of(prepared(samples));
    }

    /** Returns the samples scaled to the amplitude of the manifest and padded to at least one window. */
    private float[] prepared(float[] samples) {
        float scale = input.amplitude() == Amplitude.INT16 ? INT16 : 1;
        boolean repeats = input.padding() == ClipPadding.REPEAT;
        float[] prepared = new float[Math.max(least, samples.length + margin)];
        int before = margin / 2;
        for (int i = 0; i < prepared.length - before; i++) {
            if (i < samples.length || repeats) {
                prepared[before + i] = samples[i % samples.length] * scale;
            }
        }
        return prepared;
    }
}
