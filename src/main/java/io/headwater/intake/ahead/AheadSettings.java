package io.headwater.intake.ahead;

import java.time.Duration;

/**
 * How a role uses the features of featurizers.
 *
 * @param isUsed whether it uses them at all
 * @param patience how long records that are prepared together wait for their features, positive
 * @param bytes about how many bytes of features are kept ahead of the records that need them, positive
 */
public record AheadSettings(boolean isUsed, Duration patience, long bytes) {
    /** Settings of a role that computes all features itself. */
    public static final AheadSettings OFF = new AheadSettings(false, Duration.ofSeconds(5), 64 << 20);

    public AheadSettings {
        if (patience.isNegative() || patience.isZero() || bytes < 1) {
            throw new IllegalArgumentException(
                    "patience and bytes must be positive, but are %s and %d".formatted(patience, bytes));
        }
    }
}
