package io.headwater.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits by polling, with a timeout, for conditions that other threads fulfil. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofMillis(5);

    private Await() {}

    /** Returns once {@code done} is true; fails with a message that names {@code what} after a minute. */
    public static void until(String what, BooleanSupplier done) {
        until(what, PATIENCE, done);
    }

    /** Returns once {@code done} is true; fails with a message that names {@code what} after {@code patience}. */
    public static void until(String what, Duration patience, BooleanSupplier done) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}
