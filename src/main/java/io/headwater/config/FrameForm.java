package io.headwater.config;

import static io.headwater.config.key.NumberTypes.finite;
import static io.headwater.config.key.NumberTypes.finiteOtherThanZero;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * How frames are scaled and arranged for the model: each value becomes value × factor + offset.
 *
 * @param bins number of bins of a frame, 1 to 512
 * @param axes order of the axes of a window
 * @param factor finite and not 0
 * @param offset finite
 */
public record FrameForm(int bins, Axes axes, double factor, double offset) {
    private static final KeyTableBuilder<FrameForm> KEYS = KeyTable.builder();

    static final Key<Integer> BINS =
            KEYS.required("input.bins", whole(1, 512), FrameForm::bins, "number of values per frame");
    static final Key<Axes> AXES = KEYS.required(
            "input.axes",
            choice(Axes.class),
            FrameForm::axes,
            "order of the axes of a window after the batch axis; a channel is an axis of size 1");
    static final Key<Double> FACTOR = KEYS.optional(
            "input.factor", finiteOtherThanZero(), 1.0, FrameForm::factor, "factor that each value is multiplied by");
    static final Key<Double> OFFSET =
            KEYS.optional("input.offset", finite(), 0.0, FrameForm::offset, "offset that is then added to each value");

    /** The keys of this record. */
    static final KeyTable<FrameForm> TABLE = KEYS.build(
            values -> new FrameForm(values.get(BINS), values.get(AXES), values.get(FACTOR), values.get(OFFSET)));

    public FrameForm {
        BINS.check(bins);
        FACTOR.check(factor);
        OFFSET.check(offset);
    }

    List<Integer> shape(int frames) {
        return switch (axes) {
            case FRAMES_BINS -> List.of(frames, bins);
            case BINS_FRAMES -> List.of(bins, frames);
            case FRAMES_BINS_CHANNEL -> List.of(frames, bins, 1);
            case BINS_FRAMES_CHANNEL -> List.of(bins, frames, 1);
            case CHANNEL_FRAMES_BINS -> List.of(1, frames, bins);
            case CHANNEL_BINS_FRAMES -> List.of(1, bins, frames);
        };
    }

    /** Order of the axes of a window, without the batch axis; the channel axis has size 1. */
    public enum Axes {
        /** Frames, bins. */
        FRAMES_BINS,
        /** Bins, frames. */
        BINS_FRAMES,
        /** Frames, bins, channel. */
        FRAMES_BINS_CHANNEL,
        /** Bins, frames, channel. */
        BINS_FRAMES_CHANNEL,
        /** Channel, frames, bins. */
        CHANNEL_FRAMES_BINS,
        /** Channel, bins, frames. */
        CHANNEL_BINS_FRAMES;

        /** Returns whether the bins of a frame are contiguous. */
        public boolean isFrameMajor() {
            return this == FRAMES_BINS || this == FRAMES_BINS_CHANNEL || this == CHANNEL_FRAMES_BINS;
        }
    }
}
