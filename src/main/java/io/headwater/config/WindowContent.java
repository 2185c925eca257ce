package io.headwater.config;

import java.util.List;

/** The content of a window. */
public sealed interface WindowContent permits WindowContent.RawWaveform, LogMel, Stage {

    /** Returns the kind of content. */
    ContentKind kind();

    /** Returns the shape of a window of {@code size}, without the batch axis. */
    List<Integer> shape(int size);

    /** The kinds of content, as named by the key {@code input.reads}. */
    enum ContentKind {
        /** {@link RawWaveform}. */
        WAVEFORM,
        /** {@link LogMel}. */
        LOG_MEL,
        /** {@link Stage}. */
        STAGE
    }

    /** The samples themselves: a window of N samples has the shape [N]. */
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
