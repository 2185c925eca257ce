package io.headwater.standalone;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions that other threads fulfil. */
final class Waiting {
    private static final long INTERVAL_MS = 10;

    private Waiting() {}

    /**
     * Waits until {@code done} is true; throws an exception that names {@code what} if that takes longer than {@code
     * patience}.
     */
    static void until(String what, Duration patience, BooleanSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "waited for %s for %d s in vain; the log says more".formatted(what, patience.toSeconds()));
            }
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
        }
    }
}
