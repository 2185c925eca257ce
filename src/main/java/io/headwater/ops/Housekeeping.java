package io.headwater.ops;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Periodic maintenance of the store by a trainer's process, on a daemon thread. A failed task is logged and retried.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    /** Half of the minimum age at which any process may sweep. */
    private static final Duration RENEWAL = OrphanSweep.LEAST_AGE.dividedBy(2);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "headwater-housekeeping");
        made.setDaemon(true);
        return made;
    });

    /**
     * Regularly renews the modification time of the runtime's configuration, because it may be written long before the
     * first version refers to it.
     */
    void renew(Runnable keepConfiguration) {
        every(RENEWAL, RENEWAL, "renewal", keepConfiguration);
    }

    /** Sweeps immediately and then at every {@code interval}; never when the interval is zero. */
    void sweep(OrphanSweep sweep, Duration interval) {
        if (!interval.isZero()) {
            every(Duration.ZERO, interval, "sweep", () -> LOG.infof("orphans-swept deleted=%d", sweep.run()));
        }
    }

    private void every(Duration first, Duration interval, String what, Runnable work) {
        Runnable guarded = () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.warnf(e, "housekeeping-failed work=%s", what);
            }
        };
        var unused =
                thread.scheduleWithFixedDelay(guarded, first.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does not wait for a running task, because every task can safely be interrupted at any point. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
