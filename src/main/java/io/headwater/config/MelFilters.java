package io.headwater.config;

import static io.headwater.config.key.NumberTypes.between;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * Triangular mel filters over the spectrum. Their sides are linear in hertz, and their corners are equidistant in mel.
 *
 * @param low lower end of the first triangle in hertz, 0 to 24000
 * @param high upper end of the last triangle in hertz, above {@code low} and at most half the sample rate
 * @param scale the definition of the mel scale
 * @param norm the height of a triangle
 */
public record MelFilters(double low, double high, MelScale scale, MelNorm norm) {
    private static final KeyTableBuilder<MelFilters> KEYS = KeyTable.builder();

    static final Key<Double> LOW = KEYS.optional(
            "input.log-mel.low", between(0, 24_000), 0.0, MelFilters::low, "lower end of the first bin, in hertz");
    static final Key<Double> HIGH = KEYS.required(
            "input.log-mel.high",
            between(0, 24_000),
            MelFilters::high,
            "upper end of the last bin, in hertz; at most half of the sample rate");
    static final Key<MelScale> SCALE = KEYS.optional(
            "input.log-mel.scale",
            choice(MelScale.class),
            MelScale.HTK,
            MelFilters::scale,
            "mel scale: `htk` is 2595 log10(1 + f / 700), `slaney` is linear below 1 kHz and logarithmic above");
    static final Key<MelNorm> NORM = KEYS.optional(
            "input.log-mel.norm",
            choice(MelNorm.class),
            MelNorm.NONE,
            MelFilters::norm,
            "height of the triangle of a bin: `none` is 1, `slaney` is 2 / its width in hertz");

    /** The keys of this record. */
    static final KeyTable<MelFilters> TABLE = KEYS.build(
            values -> new MelFilters(values.get(LOW), values.get(HIGH), values.get(SCALE), values.get(NORM)));

    public MelFilters {
        LOW.check(low);
        HIGH.check(high);
    }

    /** Definitions of the mel scale. */
    public enum MelScale {
        /** 2595 log10(1 + f / 700) (The HTK Book, 5.4). */
        HTK,
        /** Linear below 1 kHz and logarithmic above (Slaney 1998, Auditory Toolbox). */
        SLANEY
    }

    /** Heights of a triangle. */
    public enum MelNorm {
        /** Height 1. */
        NONE,
        /** Height 2 / width in hertz, so that all triangles have the same area. */
        SLANEY
    }
}
