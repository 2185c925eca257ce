package io.headwater.adapt.ask;

import io.headwater.config.ask.AsksConfig;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How many requests of a lane may be chosen: a share of them, and no more than a number on a day (UTC). What is left of the day is
 * spread over the requests that the rest of the day would bring at the present rate, so that it lasts. A clock that goes back
 * does not begin a day again. All times are in milliseconds since the epoch. Not safe for use by several threads.
 */
final class LabelBudget {
    /** Requests from whose times the rate follows. */
    private static final int RATE_MEMORY = 256;

    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;

    private final double share;
    private final int perDay;
    private final Deque<Long> times = new ArrayDeque<>();
    private long day = Long.MIN_VALUE;
    private int asked;

    LabelBudget(AsksConfig config) {
        this.share = config.share() > 0 ? config.share() : 1;
        this.perDay = config.perDay();
    }

    /** Counts a request that was chosen at {@code at}. */
    void chosen(long at) {
        begin(at);
        if (Math.floorDiv(at, DAY) == day) {
            asked++;
        }
    }

    /** Returns how many requests may still be chosen on the day of {@code now}; the largest integer where there is no limit. */
    int left(long now) {
        begin(now);
        return perDay == 0 ? Integer.MAX_VALUE : Math.max(0, perDay - asked);
    }

    /** Returns the probability with which a request that comes at {@code now} should be chosen on average, and counts the request. */
    double shareAt(long now) {
        if (perDay == 0) {
            return share;
        }
        times.addLast(now);
        if (times.size() > RATE_MEMORY) {
            times.removeFirst();
        }
        return Math.min(share, left(now) / Math.max(1, expected(now)));
    }

    /**
     * Returns how many requests the rest of the day will bring at the present rate. It is taken from a minute at least, because a batch
     * after a pause says nothing of a day.
     */
    private double expected(long now) {
        long observed = Math.max(MINUTE, now - times.getFirst());
        long rest = Math.max(0, (day + 1) * DAY - now);
        return (double) times.size() * rest / observed;
    }

    private void begin(long at) {
        long begun = Math.floorDiv(at, DAY);
        if (begun > day) {
            day = begun;
            asked = 0;
        }
    }
}
