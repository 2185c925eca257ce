package io.headwater.role;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The pace at which a role tries to recover from a fault that lasts: the pauses grow, and the log tells of the same kind of fault
 * once a minute. Not thread-safe.
 */
public final class RecoveryPace {
    /** The pause after the first attempt in vain. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofMinutes(1);
    private static final Duration SLICE = Duration.ofMillis(100);

    private final LongSupplier nanoTime;
    private Duration pause = FIRST_PAUSE;
    private final Map<String, Long> told = new HashMap<>();
    private int untold;

    /** Creates a pace for a role that has not failed. */
    public RecoveryPace() {
        this(System::nanoTime);
    }

    RecoveryPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns whether the log should tell of {@code fault}: it has told of none of its kind within the last minute. */
    public boolean isNews(Exception fault) {
        long now = nanoTime.getAsLong();
        String kind = kind(fault);
        Long before = told.get(kind);
        if (before != null && now - before < SILENCE.toNanos()) {
            untold++;
            return false;
        }
        told.put(kind, now);
        return true;
    }

    /** Returns of how many faults the log did not tell since it told of one; afterwards of none. */
    public int takeUntold() {
        int count = untold;
        untold = 0;
        return count;
    }

    private static String kind(Throwable fault) {
        Throwable cause = fault.getCause();
        String own = fault.getClass().getName();
        return cause == null || cause == fault ? own : own + " " + kind(cause);
    }

    /** Returns the pause before the next attempt; that after it is twice as long, up to a limit. */
    Duration nextPause() {
        Duration next = pause;
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        return next;
    }

    /** Waits before the next attempt; not longer than until the role is requested to stop. */
    public void pause(RoleControl control) throws InterruptedException {
        long end = System.nanoTime() + nextPause().toNanos();
        while (!control.isStopping() && System.nanoTime() - end < 0) {
            Thread.sleep(SLICE.toMillis());
        }
    }

    /** Begins with short pauses again, because the role has done some of its work. */
    public void succeeded() {
        pause = FIRST_PAUSE;
    }
}
