package io.headwater.task;

import io.headwater.domain.Digest;
import io.headwater.domain.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Names payloads by their content. A backbone reads one kind of payload, so the kind is no part of the name. */
public final class PayloadDigest {
    private PayloadDigest() {}

    /**
     * The digest of the UTF-8 of a text or of two, an image's or a sound's file, raw samples with their rate, or a tensor's
     * values, of which the base model fixes the shape.
     */
    public static Digest of(Payload payload) {
        if (payload instanceof Payload.Text text) {
            return Digest.of(text.text().getBytes(StandardCharsets.UTF_8));
        }
        if (payload instanceof Payload.TextPair pair) {
            return pair(pair);
        }
        if (payload instanceof Payload.EncodedImage image) {
            return Digest.of(image.bytes());
        }
        if (payload instanceof Payload.Waveform sound) {
            // No file begins with the bytes of a rate, so the two forms of a sound never share a name.
            return sound.sampleRate() == 0 ? Digest.of(sound.bytes()) : raw(sound);
        }
        if (payload instanceof Payload.Tensor tensor) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length);
            bytes.asFloatBuffer().put(tensor.values());
            return Digest.of(bytes.array());
        }
        throw new IllegalArgumentException("payloads of kind " + payload.kind() + " have no digest yet");
    }

    /** No text has a byte of 0xff in UTF-8, so a pair never shares a name with a text; nor with another pair. */
    private static Digest pair(Payload.TextPair pair) {
        byte[] first = pair.first().getBytes(StandardCharsets.UTF_8);
        byte[] second = pair.second().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(1 + Integer.BYTES + first.length + second.length);
        bytes.put((byte) 0xff).putInt(first.length).put(first).put(second);
        return Digest.of(bytes.array());
    }

    private static Digest raw(Payload.Waveform sound) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + sound.bytes().length);
        return Digest.of(bytes.putInt(sound.sampleRate()).put(sound.bytes()).array());
    }
}
