package io.headwater.config;

/**
 * What is refused before it costs memory or time.
 *
 * @param textBytes of UTF-8, 1 to 10 MiB
 * @param imageBytes of the encoded file, 1 to 64 MiB
 * @param imagePixels width × height, 1 to 100 million
 * @param audioBytes of the encoded file or the raw samples, 1 to 64 MiB
 * @param audioSeconds that a sound may last, 1 to 600
 * @param classes of one lane, 2 to 100000
 */
public record LimitsConfig(
        int textBytes, int imageBytes, long imagePixels, int audioBytes, int audioSeconds, int classes) {
    public LimitsConfig {
        AdaptationKeys.TEXT_BYTES.check(textBytes);
        AdaptationKeys.IMAGE_BYTES.check(imageBytes);
        AdaptationKeys.IMAGE_PIXELS.check(imagePixels);
        AdaptationKeys.AUDIO_BYTES.check(audioBytes);
        AdaptationKeys.AUDIO_SECONDS.check(audioSeconds);
        AdaptationKeys.CLASSES.check(classes);
    }

    /** 64 KiB of text, 8 MiB of image, 25 million pixels, 8 MiB or 60 seconds of sound, 1,000 classes. */
    public static final LimitsConfig DEFAULT =
            new LimitsConfig(64 * 1024, 8 * 1024 * 1024, 25_000_000L, 8 * 1024 * 1024, 60, 1000);
}
