package io.headwater.config;

import java.util.List;

/** What a window consists of. */
public sealed interface WindowContent permits WindowContent.RawWaveform, LogMel, Stage {
    /** The shape of a window of {@code size}, without the batch axis. */
    List<Integer> shape(int size);

    /** The samples themselves: a window of N has the shape [N]. */
    public record RawWaveform() implements WindowContent {
        @Override
        public List<Integer> shape(int size) {
            return List.of(size);
        }
    }
}
