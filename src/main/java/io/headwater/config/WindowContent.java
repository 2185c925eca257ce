package io.headwater.config;

import java.util.List;

/** What a window consists of. */
public sealed interface WindowContent permits WindowContent.RawWaveform, LogMel, Stage {

    /** Which of them it is. */
    ContentKind kind();

    /** The shape of a window of {@code size}, without the batch axis. */
    List<Integer> shape(int size);

    /** What a window consists of, as the key {@code input.reads} names it. */
    enum ContentKind {
        /** {@link RawWaveform}. */
        WAVEFORM,
        /** {@link LogMel}. */
        LOG_MEL,
        /** {@link Stage}. */
        STAGE
    }

    /** The samples themselves: a window of N has the shape [N]. */
    record RawWaveform() implements WindowContent {
        @Override
        public ContentKind kind() {
            return ContentKind.WAVEFORM;
        }

        @Override
        public List<Integer> shape(int size) {
            return List.of(size);
        }
    }
}
