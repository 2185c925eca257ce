package io.headwater.task.sound;

import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;

/**
 * The format that a file declares for its sound, known before any samples are read.
 *
 * @param rate samples per second of each channel
 * @param channels number of channels, which are mixed down to one
 * @param frames number of samples of each channel
 */
record SoundFormat(long rate, int channels, long frames) {
    private static final int MIN_RATE = 8000;
    private static final int MAX_RATE = 48_000;
    private static final int MAX_CHANNELS = 8;

    /** Shorter sounds cannot hold a word or have a pitch. */
    private static final int MIN_MILLISECONDS = 10;

    /** Returns this format, or the reason why a sound of this format is refused. */
    Outcome<SoundFormat> checked(int maxSeconds) {
        if (rate < MIN_RATE || rate > MAX_RATE) {
            return bad("have a sample rate from " + MIN_RATE + " to " + MAX_RATE + " Hz, but has " + rate
                    + "; resample it");
        }
        if (channels < 1 || channels > MAX_CHANNELS) {
            return bad("have 1 to " + MAX_CHANNELS + " channels, but has " + channels + "; mix it down");
        }
        if (frames > maxSeconds * rate) {
            return Outcome.rejected(
                    Reason.TOO_LARGE,
                    "sound may last at most " + maxSeconds + " s, but declares " + frames / rate
                            + "; cut it or raise 'limits.audio-seconds'");
        }
        if (frames * 1000 < MIN_MILLISECONDS * rate) {
            return bad("last at least " + MIN_MILLISECONDS + " ms, but has " + frames + " samples at " + rate
                    + " Hz; drop it");
        }
        return Outcome.ok(this);
    }

    /** Rejects a sound that violates {@code rule}. */
    static <T> Outcome<T> bad(String rule) {
        return Outcome.rejected(Reason.BAD_PAYLOAD, "sound must " + rule);
    }
}
