package io.headwater.task;

import io.headwater.domain.Digest;
import io.headwater.domain.Payload;
import java.nio.charset.StandardCharsets;

/** Names payloads by their content. A backbone reads one kind of payload, so the kind is no part of the name. */
final class PayloadDigest {
    private PayloadDigest() {}

    /** The digest of a text's UTF-8 or an image's file. */
    static Digest of(Payload payload) {
        if (payload instanceof Payload.Text text) {
            return Digest.of(text.text().getBytes(StandardCharsets.UTF_8));
        }
        if (payload instanceof Payload.EncodedImage image) {
            return Digest.of(image.bytes());
        }
        throw new IllegalArgumentException("payloads of kind " + payload.kind() + " have no digest yet");
    }
}
