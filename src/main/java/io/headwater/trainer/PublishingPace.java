package io.headwater.trainer;

import java.time.Duration;

/**
 * How long results wait until they are published: {@code checkpoint.interval}, or longer while publishing takes so much time, as with many
 * lanes, that there would be little left for learning; but as long as that is possible, a version comes every two seconds.
 */
final class PublishingPace {
    /** Publishing takes at most one part in so many, and one, of the time. */
    private static final int PARTS = 8;

    /** Less than two seconds, because samples may wait for a step before, and publishing may take longer than it did last time. */
    private static final Duration MOST = Duration.ofMillis(1_600);

    private final Duration interval;
    private Duration wait;

    /** Creates the pace of a trainer that has not published yet. */
    PublishingPace(Duration interval) {
        this.interval = interval;
        this.wait = interval;
    }

    /** Notes how long it took to publish. */
    void took(Duration time) {
        Duration longer = shorter(time.multipliedBy(PARTS), MOST.minus(time));
        wait = longer.compareTo(interval) > 0 ? longer : interval;
    }

    /** Returns how long results wait. */
    Duration patience() {
        return wait;
    }

    /** Returns whether results that wait for so long are published within two seconds. */
    static boolean isSoon(Duration patience) {
        return patience.compareTo(MOST) <= 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
