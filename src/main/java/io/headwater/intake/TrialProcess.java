package io.headwater.intake;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tries records in a child process, which runs a {@link TrialServer}. The process is started for the first record, and
 * again after each record that ended it. Its memory is limited by the way in which it is started, its time by
 * {@code patience} for each stage of a record. Safe for use by several threads, one at a time.
 */
public final class TrialProcess implements RecordTrial, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TrialProcess.class);

    /** Loading a large base model may take longer than preparing a record. */
    private static final Duration START = Duration.ofMinutes(5);

    private final Launcher launcher;
    private final Duration patience;
    private final ExecutorService reading;
    private @Nullable Process process;

    /** Starts the child process. */
    @FunctionalInterface
    public interface Launcher {
        /** Starts a process that runs a {@link TrialServer} on its standard streams. */
        Process start() throws IOException;
    }

    /** Creates a trial that starts its process when the first record is tried. */
    public TrialProcess(Launcher launcher, Duration patience) {
        this.launcher = launcher;
        this.patience = patience;
        this.reading = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "headwater-trial");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized TrialResult of(TopicPartition partition, long offset) {
        Process running = running();
        boolean fetched = false;
        try {
            OutputStream to = running.getOutputStream();
            to.write(TrialServer.question(partition, offset));
            to.flush();
            while (true) {
                int answer = answer(running, patience);
                switch (answer) {
                    case TrialServer.FETCHED -> fetched = true;
                    case TrialServer.DONE -> {
                        return TrialResult.PASSED;
                    }
                    case TrialServer.FAILED -> {
                        return guilty(partition, offset, fetched, "failed with an error that is not a rejection");
                    }
                    case TrialServer.UNAVAILABLE ->
                        throw new UncheckedIOException(
                                new IOException("the process that tries single records cannot read " + partition));
                    default -> {
                        running.waitFor();
                        return guilty(partition, offset, fetched, "ended with status " + running.exitValue());
                    }
                }
            }
        } catch (TimeoutException e) {
            close();
            return guilty(partition, offset, fetched, "took more than %d s".formatted(patience.toSeconds()));
        } catch (IOException e) {
            close();
            return guilty(partition, offset, fetched, "ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while a record was tried", e));
        }
    }

    private static TrialResult guilty(TopicPartition partition, long offset, boolean fetched, String why) {
        LOG.warnf(
                "record-is-harmful partition=%s offset=%d fetched=%s: the process %s", partition, offset, fetched, why);
        return new TrialResult.Guilty(fetched, why);
    }

    /** Returns the process, which has loaded everything. */
    private Process running() {
        Process running = process;
        if (running != null && running.isAlive()) {
            return running;
        }
        try {
            Process started = launcher.start();
            process = started;
            int answer = answer(started, START);
            if (answer != TrialServer.READY) {
                started.destroyForcibly();
                throw new IOException("it ended with status " + started.waitFor() + " before it was ready");
            }
            return started;
        } catch (IOException | TimeoutException e) {
            close();
            throw new UncheckedIOException(
                    new IOException("the process that tries single records cannot start: " + e, e));
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while a process was started", e));
        }
    }

    /** Returns the next byte of the process, or -1 when it has ended. */
    private int answer(Process from, Duration limit) throws IOException, TimeoutException, InterruptedException {
        Future<Integer> next = reading.submit(() -> from.getInputStream().read());
        try {
            return next.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Ends the process; the next record starts another one. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
    }
}
