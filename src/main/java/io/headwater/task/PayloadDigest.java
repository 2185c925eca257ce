package io.headwater.task;

import io.headwater.domain.Digest;
import io.headwater.domain.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Computes digests of the content of payloads. A backbone reads only one kind of payload, so the digest does not
 * include the kind.
 */
public final class PayloadDigest {
    private PayloadDigest() {}

    /**
     * Returns the digest of a text or a text pair in UTF-8, of an image or sound file, of raw samples with their rate,
     * or of the values of a tensor, whose shape is fixed by the base model.
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
            // No sound file begins with the bytes of a sample rate, so a file and raw samples never have the same
            // digest.
            return sound.sampleRate() == 0 ? Digest.of(sound.bytes()) : raw(sound);
        }
        if (payload instanceof Payload.Tensor tensor) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length);
            bytes.asFloatBuffer().put(tensor.values());
            return Digest.of(bytes.array());
        }
        throw new IllegalArgumentException("payloads of kind " + payload.kind() + " have no digest yet");
    }

    /**
     * UTF-8 never contains the byte 0xff, so a pair cannot have the digest of a text; the length keeps pairs distinct.
     */
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
