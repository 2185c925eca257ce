package io.headwater.task.sound;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * Reads untrusted sounds: WAV files, FLAC files, or raw samples. Rates, channels and lengths are read from the header
 * and checked before memory for samples is allocated.
 */
record SoundDecoder(LimitsConfig limits) {
    private static final double FULL_SCALE = 32_768;

    /** Returns the sound mixed down to one channel, or why it cannot be used. */
    Outcome<Sound> decode(Payload.Waveform sound) {
        byte[] bytes = sound.bytes();
        if (bytes.length > limits.audioBytes()) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "sound may have at most " + limits.audioBytes() + " bytes, but has " + bytes.length
                            + "; cut it or raise 'limits.audio-bytes'");
        }
        return read(bytes, sound.sampleRate()).then(SoundDecoder::audible);
    }

    private Outcome<Sound> read(byte[] bytes, int rate) {
        if (rate != 0) {
            return raw(bytes, rate);
        }
        if (WavReader.isOne(bytes)) {
            return WavReader.read(bytes, limits.audioSeconds());
        }
        return FlacReader.isOne(bytes)
                ? FlacReader.read(bytes, limits.audioSeconds())
                : SoundFormat.bad("be a whole WAV or FLAC file, or come with its sample rate, but has the signature of"
                        + " neither and no rate");
    }

    private Outcome<Sound> raw(byte[] bytes, int rate) {
        if (bytes.length % Short.BYTES != 0) {
            return SoundFormat.bad("have an even number of bytes when it comes with its sample rate, but has "
                    + bytes.length + "; set sampleRate to 0 if it is a file");
        }
        return new SoundFormat(rate, 1, bytes.length / Short.BYTES)
                .checked(limits.audioSeconds())
                .then(format -> {
                    ShortBuffer values = ByteBuffer.wrap(bytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asShortBuffer();
                    float[] samples = new float[values.remaining()];
                    for (int i = 0; i < samples.length; i++) {
                        samples[i] = (float) (values.get(i) / FULL_SCALE);
                    }
                    return Outcome.ok(new Sound(samples, rate));
                });
    }

    private static Outcome<Sound> audible(Sound sound) {
        for (float sample : sound.samples()) {
            if (sample != sound.samples()[0]) {
                return Outcome.ok(sound);
            }
        }
        return SoundFormat.bad(
                "be more than silence, but all of its " + sound.samples().length + " samples are alike; drop it");
    }
}
