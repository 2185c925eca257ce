package io.headwater.api.http;

import io.headwater.config.HeadwaterConfig.ApiSettings;
import java.time.Duration;

/**
 * What callers may take.
 *
 * @param bodyBytes maximum size of a body
 * @param bytes maximum size of all bodies together that are received or answered
 * @param deadline time for a body to arrive, and as much again for its answer; at least a millisecond
 */
public record ApiLimits(int bodyBytes, long bytes, Duration deadline) {

    /** Returns what the settings allow. */
    public static ApiLimits of(ApiSettings settings) {
        return new ApiLimits(settings.maxBodyBytes(), settings.maxBytes(), settings.deadline());
    }
}
