package io.headwater.task;

import io.headwater.domain.Digest;
import io.headwater.domain.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Names payloads by their content. A backbone reads one kind of payload, so the kind is no part of the name. */
final class PayloadDigest {
    private PayloadDigest() {}

    /** The digest of a text's UTF-8, an image's file, or a tensor's values, of which the base model fixes the shape. */
    static Digest of(Payload payload) {
        if (payload instanceof Payload.Text text) {
            return Digest.of(text.text().getBytes(StandardCharsets.UTF_8));
        }
        if (payload instanceof Payload.EncodedImage image) {
            return Digest.of(image.bytes());
        }
        if (payload instanceof Payload.Tensor tensor) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.values().length);
            bytes.asFloatBuffer().put(tensor.values());
            return Digest.of(bytes.array());
        }
        throw new IllegalArgumentException("payloads of kind " + payload.kind() + " have no digest yet");
    }
}
