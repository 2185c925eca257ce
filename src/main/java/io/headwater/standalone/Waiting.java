package io.headwater.standalone;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for conditions that other threads fulfil. */
final class Waiting {
    private static final long INTERVAL_MS = 10;

    private Waiting() {}

    /**
     * Waits until {@code done} is true; throws an exception that names {@code what} if nothing happens for longer than {@code
     * patience}. On a busy machine everything takes longer, but goes on.
     *
     * @param events how much has happened
     */
    static void until(String what, Duration patience, LongSupplier events, BooleanSupplier done)
            throws InterruptedException {
        long last = System.nanoTime();
        long happened = events.getAsLong();
        while (!done.getAsBoolean()) {
            long now = events.getAsLong();
            if (now != happened) {
                happened = now;
                last = System.nanoTime();
            } else if (System.nanoTime() - last > patience.toNanos()) {
                throw new IllegalStateException(
                        "waited for %s for %d s in vain; the log says more".formatted(what, patience.toSeconds()));
            }
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
        }
    }
}
