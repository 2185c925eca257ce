package io.headwater.config;

/**
 * How a clip is cut into windows. They begin at every step; where the steps leave a rest, one more ends with the clip.
 *
 * @param size of a window, in frames, or in samples where the model reads the waveform; 1 to 4194304
 * @param step from the beginning of a window to that of the next, in the same unit
 * @param pooling how their features become one vector
 */
public record ClipWindows(int size, int step, WindowPooling pooling) {
    public ClipWindows {
        AudioKeys.WINDOW_SIZE.check(size);
        AudioKeys.WINDOW_STEP.check(step);
    }

    /** How the features of windows become one vector. */
    public enum WindowPooling {
        /** Their mean. */
        MEAN,
        /** Their maximum. */
        MAX,
        /** Their mean, then their maximum: twice as many features. */
        MEAN_MAX,
        /** Their mean, then their standard deviation: twice as many features. */
        MEAN_DEVIATION
    }
}
