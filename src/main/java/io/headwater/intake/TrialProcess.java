package io.headwater.intake;

import io.headwater.intake.TrialResult.Stage;
import io.headwater.kafka.SingleRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
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
 * {@code patience} for the preparation of a record. Safe for use by several threads, one at a time.
 */
public final class TrialProcess implements RecordTrial, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TrialProcess.class);

    /** Loading a large base model may take longer than preparing a record. */
    private static final Duration START = Duration.ofMinutes(5);

    /** Time for a record to be fetched; the process says within this time that it cannot fetch one. */
    private static final Duration FETCH = SingleRecords.PATIENCE.multipliedBy(2);

    /** Exit statuses after SIGINT and SIGTERM: somebody ended the process, such as by Ctrl+C for all processes. */
    private static final Set<Integer> INTERRUPTED = Set.of(130, 143);

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
        Stage stage = Stage.FETCHING;
        try {
            OutputStream to = running.getOutputStream();
            to.write(TrialServer.question(partition, offset));
            to.flush();
            while (true) {
                int answer = answer(running, stage == Stage.FETCHING ? FETCH : patience);
                switch (answer) {
                    case TrialServer.FETCHED -> stage = Stage.DECODING;
                    case TrialServer.DECODED -> stage = Stage.PREPARING;
                    case TrialServer.DONE -> {
                        return TrialResult.PASSED;
                    }
                    case TrialServer.FAILED -> {
                        return guilty(partition, offset, stage, "failed with an error that is not a rejection");
                    }
                    case TrialServer.UNAVAILABLE ->
                        throw unavailable(partition, "it cannot read or prepare any record now; its log says why");
                    default -> {
                        int status = running.waitFor();
                        if (INTERRUPTED.contains(status)) {
                            throw unavailable(partition, "it was ended from outside, with status " + status);
                        }
                        return guilty(partition, offset, stage, "ended with status " + status);
                    }
                }
            }
        } catch (TimeoutException e) {
            close();
            if (stage == Stage.FETCHING) {
                throw unavailable(partition, "no record was fetched within %d s".formatted(FETCH.toSeconds()));
            }
            return guilty(partition, offset, stage, "took more than %d s".formatted(patience.toSeconds()));
        } catch (IOException e) {
            close();
            return guilty(partition, offset, stage, "ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while a record was tried", e));
        }
    }

    private static UncheckedIOException unavailable(TopicPartition partition, String why) {
        return new UncheckedIOException(new IOException(
                "the process that tries single records is of no use for %s: %s".formatted(partition, why)));
    }

    private static TrialResult guilty(TopicPartition partition, long offset, Stage stage, String why) {
        LOG.warnf("record-is-harmful partition=%s offset=%d stage=%s: the process %s", partition, offset, stage, why);
        return new TrialResult.Guilty(stage, why);
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
