package io.headwater.ops;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What a trainer's process does for its store now and then, on a daemon thread of its own. A failure is logged and tried again. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);
    /** Twice within the least age at which any process may sweep. */
    private static final Duration RENEWAL = OrphanSweep.LEAST_AGE.dividedBy(2);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "headwater-housekeeping");
        made.setDaemon(true);
        return made;
    });

    /** Keeps the runtime's configuration young: it may be written long before the first version refers to it. */
    void renew(Runnable keepConfiguration) {
        every(RENEWAL, RENEWAL, "renewal", keepConfiguration);
    }

    /** Sweeps now and then every {@code interval}; never when that is zero. */
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

    /** Does not wait: whatever is under way may be cut off at any point. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
