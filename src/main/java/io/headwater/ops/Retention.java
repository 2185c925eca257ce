package io.headwater.ops;

import io.headwater.config.HeadwaterConfig;
import io.headwater.domain.ModelVersion;
import java.time.Duration;
import java.time.Instant;

/**
 * Which versions of a lane keep their artifacts, besides those that serve, may serve again, or are needed to go on: young
 * ones, the newest ones, and one in so many of the others.
 *
 * @param age versions younger than this are kept; not negative
 * @param newest number of newest versions of a lane that are kept, at least 1
 * @param every of the other versions, those are kept whose number is a multiple of this; 1 for all, 0 for none
 */
public record Retention(Duration age, int newest, long every) {
    /** Keeps everything. */
    public static final Retention ALL = new Retention(Duration.ZERO, 1, 1);

    public Retention {
        if (age.isNegative() || newest < 1 || every < 0) {
            throw new IllegalArgumentException(
                    "a retention must have an age from 0, at least 1 newest version and one in 0 or more, but has %s, %d and %d"
                            .formatted(age, newest, every));
        }
    }

    /** Returns the retention of a service. */
    static Retention of(HeadwaterConfig.RetentionSettings settings) {
        return new Retention(settings.age(), settings.versions(), settings.every());
    }

    /** Returns whether a version that is none of the newest keeps its artifacts at the time {@code now}. */
    boolean keeps(ModelVersion version, Instant now) {
        return every > 0 && version.ref().number() % every == 0
                || version.createdAt().isAfter(now.minus(age));
    }
}
