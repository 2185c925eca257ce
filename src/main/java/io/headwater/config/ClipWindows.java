package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * How a clip is cut into windows. A window begins at every step; if samples at the end of the clip remain uncovered, a
 * last window ends with the clip.
 *
 * @param size size of a window in frames, or in samples when the model reads the waveform; 1 to 4194304
 * @param step distance between the beginnings of two consecutive windows, in the same unit
 * @param pooling how the features of the windows are combined into one vector
 */
public record ClipWindows(int size, int step, WindowPooling pooling) {
    private static final KeyTableBuilder<ClipWindows> KEYS = KeyTable.builder();

    static final Key<Integer> SIZE = KEYS.required(
            "input.windows.size",
            whole(1, ManifestTypes.MAX_VALUES),
            ClipWindows::size,
            "size of a window in frames, or in samples for `waveform`; at most 4194304 values in total");
    static final Key<Integer> STEP = KEYS.withoutDefault(
            "input.windows.step",
            whole(1, ManifestTypes.MAX_VALUES),
            values -> values.find(SIZE),
            ClipWindows::step,
            "distance between the beginnings of two windows; by default the size of a window");
    static final Key<WindowPooling> POOLING = KEYS.optional(
            "input.windows.pooling",
            choice(WindowPooling.class),
            WindowPooling.MEAN,
            ClipWindows::pooling,
            "how the features of the windows of a sound are combined into one vector; `mean-max` and `mean-deviation`"
                    + " double the number of features");

    /** The keys of this record. */
    static final KeyTable<ClipWindows> TABLE =
            KEYS.build(values -> new ClipWindows(values.get(SIZE), values.get(STEP), values.get(POOLING)));

    public ClipWindows {
        SIZE.check(size);
        STEP.check(step);
    }

    /** How the features of windows are combined into one vector. */
    public enum WindowPooling {
        /** Their mean. */
        MEAN,
        /** Their maximum. */
        MAX,
        /** Their mean followed by their maximum: twice as many features. */
        MEAN_MAX,
        /** Their mean followed by their standard deviation: twice as many features. */
        MEAN_DEVIATION
    }
}
