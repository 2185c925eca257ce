package io.headwater.config;

import java.util.List;

/**
 * How frames become what the model reads: each value becomes value × factor + offset.
 *
 * @param bins of a frame, 1 to 512
 * @param axes order of the axes of a window
 * @param factor finite and not 0
 * @param offset finite
 */
public record FrameForm(int bins, Axes axes, double factor, double offset) {
    public FrameForm {
        AudioKeys.BINS.check(bins);
        AudioKeys.FACTOR.check(factor);
        AudioKeys.OFFSET.check(offset);
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

    /** Order of the axes of a window, without the batch axis; the channel is of size 1. */
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

        /** Whether the bins of a frame lie next to each other. */
        public boolean isFrameMajor() {
            return this == FRAMES_BINS || this == FRAMES_BINS_CHANNEL || this == CHANNEL_FRAMES_BINS;
        }
    }
}
