package io.headwater.board;

import io.headwater.domain.Payload;

/** How the input of a model is shown to people. */
public enum InputKind {
    /** One or two texts. */
    TEXT,
    /** An image. */
    IMAGE,
    /** A recording. */
    SOUND,
    /** Numbers, of which only the shape is shown. */
    NUMBERS;

    /** Returns how {@code payload} is shown. */
    public static InputKind of(Payload payload) {
        if (payload instanceof Payload.EncodedImage) {
            return IMAGE;
        }
        if (payload instanceof Payload.Waveform) {
            return SOUND;
        }
        return payload instanceof Payload.Tensor ? NUMBERS : TEXT;
    }
}
