package io.headwater.manage;

import io.headwater.domain.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The input of a model as a browser shows it. Its type is that of its first bytes, whatever its sender says, so that no browser takes
 * it for a page or a script.
 *
 * @param type its media type
 * @param bytes not to be changed
 */
record InputMedia(String type, byte[] bytes) {
    /** Maximum size of what is shown. */
    static final int MOST_BYTES = 8 << 20;

    private static final int HEADER = 44;

    /** Returns an input as it is shown; empty where it is none of a few kinds of files, or too large. */
    static Optional<InputMedia> of(Payload payload) {
        Optional<InputMedia> media = Optional.empty();
        if (payload instanceof Payload.EncodedImage image) {
            media = image(image.bytes());
        } else if (payload instanceof Payload.Waveform sound) {
            media = sound.sampleRate() > 0
                    ? Optional.of(new InputMedia("audio/wav", wav(sound.bytes(), sound.sampleRate())))
                    : sound(sound.bytes());
        } else if (payload instanceof Payload.Text text) {
            media = Optional.of(text(text.text()));
        } else if (payload instanceof Payload.TextPair pair) {
            media = Optional.of(text(pair.first() + "\n\n" + pair.second()));
        }
        return media.filter(one -> one.bytes().length <= MOST_BYTES);
    }

    private static InputMedia text(String text) {
        return new InputMedia("text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<InputMedia> image(byte[] file) {
        if (begins(file, 0, "\u0089PNG\r\n\u001a\n")) {
            return Optional.of(new InputMedia("image/png", file));
        } else if (begins(file, 0, "\u00ff\u00d8\u00ff")) {
            return Optional.of(new InputMedia("image/jpeg", file));
        } else if (begins(file, 0, "GIF87a") || begins(file, 0, "GIF89a")) {
            return Optional.of(new InputMedia("image/gif", file));
        }
        return begins(file, 0, "BM") ? Optional.of(new InputMedia("image/bmp", file)) : Optional.empty();
    }

    private static Optional<InputMedia> sound(byte[] file) {
        if (begins(file, 0, "RIFF") && begins(file, 8, "WAVE")) {
            return Optional.of(new InputMedia("audio/wav", file));
        }
        return begins(file, 0, "fLaC") ? Optional.of(new InputMedia("audio/flac", file)) : Optional.empty();
    }

    private static boolean begins(byte[] file, int at, String signature) {
        byte[] bytes = signature.getBytes(StandardCharsets.ISO_8859_1);
        return file.length >= at + bytes.length && Arrays.equals(file, at, at + bytes.length, bytes, 0, bytes.length);
    }

    /** Returns samples of 16 bits and one channel with the header of a WAV file before them. */
    private static byte[] wav(byte[] samples, int rate) {
        return ByteBuffer.allocate(HEADER + samples.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(HEADER - 8 + samples.length)
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(rate)
                .putInt(2 * rate)
                .putShort((short) 2)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(samples.length)
                .put(samples)
                .array();
    }
}
