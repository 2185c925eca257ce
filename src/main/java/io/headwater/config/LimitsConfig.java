package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.UnitTypes.size;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * Limits beyond which input is rejected before it uses memory or time.
 *
 * @param textBytes size of a text in UTF-8, 1 byte to 10 MiB
 * @param imageBytes size of an encoded image file, 1 byte to 64 MiB
 * @param imagePixels width × height, 1 to 100 million
 * @param audioBytes size of an encoded sound file or of raw samples, 1 byte to 64 MiB
 * @param audioSeconds duration of a sound in seconds, 1 to 600
 * @param classes number of classes of one lane, 2 to 100000
 * @param lanes number of lanes of one partition, 1 to 1000000
 * @param lanesPerMinute number of lanes of one partition that begin in a minute, 1 to 1000000
 */
public record LimitsConfig(
        int textBytes,
        int imageBytes,
        long imagePixels,
        int audioBytes,
        int audioSeconds,
        int classes,
        int lanes,
        int lanesPerMinute) {
    private static final KeyTableBuilder<LimitsConfig> KEYS = KeyTable.builder();

    static final Key<Integer> TEXT_BYTES = KEYS.optional(
            "limits.text-bytes",
            size(10),
            64 << 10,
            LimitsConfig::textBytes,
            "maximum size of a text, in bytes of UTF-8");
    static final Key<Integer> IMAGE_BYTES = KEYS.optional(
            "limits.image-bytes", size(64), 8 << 20, LimitsConfig::imageBytes, "maximum size of an encoded image");
    static final Key<Long> IMAGE_PIXELS = KEYS.optional(
            "limits.image-pixels",
            whole(1L, 100_000_000L),
            25_000_000L,
            LimitsConfig::imagePixels,
            "maximum width × height that an image may declare");
    static final Key<Integer> AUDIO_BYTES = KEYS.optional(
            "limits.audio-bytes",
            size(64),
            8 << 20,
            LimitsConfig::audioBytes,
            "maximum size of a WAV or FLAC file, or of raw samples");
    static final Key<Integer> AUDIO_SECONDS = KEYS.optional(
            "limits.audio-seconds",
            whole(1, 600),
            60,
            LimitsConfig::audioSeconds,
            "maximum duration that a sound may declare");
    static final Key<Integer> CLASSES = KEYS.optional(
            "limits.classes",
            whole(2, 100_000),
            1000,
            LimitsConfig::classes,
            "maximum number of classes of a lane, configured or learned");

    static final Key<Integer> LANES = KEYS.optional(
            "limits.lanes",
            whole(1, 1_000_000),
            10_000,
            LimitsConfig::lanes,
            "maximum number of lanes of a partition; samples that would begin another one become dead letters");
    static final Key<Integer> LANES_PER_MINUTE = KEYS.optional(
            "limits.lanes-per-minute",
            whole(1, 1_000_000),
            10_000,
            LimitsConfig::lanesPerMinute,
            "maximum number of lanes of a partition that begin with samples whose records have timestamps in the same minute");

    /** The keys of this record. */
    static final KeyTable<LimitsConfig> TABLE = KEYS.build(values -> new LimitsConfig(
            values.get(TEXT_BYTES),
            values.get(IMAGE_BYTES),
            values.get(IMAGE_PIXELS),
            values.get(AUDIO_BYTES),
            values.get(AUDIO_SECONDS),
            values.get(CLASSES),
            values.get(LANES),
            values.get(LANES_PER_MINUTE)));

    /** 64 KiB of text, 8 MiB of image, 25 million pixels, 8 MiB or 60 seconds of sound, 1,000 classes, 10,000 lanes. */
    public static final LimitsConfig DEFAULT = TABLE.defaults();

    public LimitsConfig {
        TEXT_BYTES.check(textBytes);
        IMAGE_BYTES.check(imageBytes);
        IMAGE_PIXELS.check(imagePixels);
        AUDIO_BYTES.check(audioBytes);
        AUDIO_SECONDS.check(audioSeconds);
        CLASSES.check(classes);
        LANES.check(lanes);
        LANES_PER_MINUTE.check(lanesPerMinute);
    }

    /** Creates limits of what is in a record; those of lanes are the defaults. */
    public LimitsConfig(
            int textBytes, int imageBytes, long imagePixels, int audioBytes, int audioSeconds, int classes) {
        this(
                textBytes,
                imageBytes,
                imagePixels,
                audioBytes,
                audioSeconds,
                classes,
                DEFAULT.lanes(),
                DEFAULT.lanesPerMinute());
    }
}
