package io.headwater.board;

import io.headwater.domain.Payload;

/** Describes inputs of models for people. */
public final class PayloadText {
    private PayloadText() {}

    /** Returns the text of {@code payload}, at most {@code most} characters, or what it is. */
    public static String of(Payload payload, int most) {
        if (payload instanceof Payload.Text text) {
            return shortened(text.text(), most);
        }
        if (payload instanceof Payload.TextPair pair) {
            return shortened(pair.first() + " | " + pair.second(), most);
        }
        if (payload instanceof Payload.EncodedImage image) {
            return "an image of " + image.bytes().length + " bytes";
        }
        if (payload instanceof Payload.Waveform sound) {
            return "a recording of " + sound.bytes().length + " bytes";
        }
        return "a tensor of shape " + ((Payload.Tensor) payload).shape();
    }

    /** Returns a text of at most {@code most} characters. */
    public static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
