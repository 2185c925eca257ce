package io.headwater.cli.console;

import io.headwater.standalone.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Progress as a line of text every ten seconds, for logs; a phase that takes less time shows nothing. */
final class LineProgress implements Progress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PrintStream out;
    private final LongSupplier nanos;
    private String title = "";
    private long total;
    private long done;
    private long last;

    /**
     * Creates a progress.
     *
     * @param nanos the time in nanoseconds, from any beginning
     */
    LineProgress(PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
    }

    @Override
    public synchronized void begin(String begun, long units) {
        title = begun;
        total = units;
        done = 0;
        last = nanos.getAsLong();
    }

    @Override
    public synchronized void advance(long by) {
        done += by;
        long now = nanos.getAsLong();
        if (now - last >= EVERY_NANOS) {
            last = now;
            out.println(String.format(Locale.ROOT, "headwater: %s: %d of %d", title, done, total));
        }
    }

    @Override
    public void end() {}
}
