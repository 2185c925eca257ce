package io.headwater.cli.console;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Limits the time that a command takes; mixed into a command, the option for it. */
public class TimeLimit {
    private static final String BROKERS = "the brokers";
    private static final String BROKERS_OPTION = "--bootstrap-servers";

    /** Within this time, a command that has waited for as long as it may prints why, and closes its clients. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the brokers. Default: ${DEFAULT-VALUE}.")
    public int seconds;

    private @Nullable Long began;

    /**
     * Returns the result of {@code work}. All work of a command together may take as long as the option says, from the first
     * call on.
     *
     * @throws IllegalStateException when it takes too long
     */
    public <T> T within(Callable<T> work) throws Exception {
        return within(BROKERS, BROKERS_OPTION, work);
    }

    /**
     * Returns the result of {@code work}, as {@link #within(Callable)} does.
     *
     * @param who whom the work waits for
     * @param option the option that names them
     */
    <T> T within(String who, String option, Callable<T> work) throws Exception {
        long now = System.nanoTime();
        long from = began == null ? now : began;
        began = from;
        return within(seconds, TimeUnit.SECONDS.toNanos(seconds) - (now - from), late(who, option, seconds), work);
    }

    /**
     * Returns the result of {@code work}, which itself should not wait for longer than {@code seconds}, but may be held up by
     * clients whose brokers do not answer.
     *
     * @throws IllegalStateException when it takes too long
     */
    public static <T> T within(int seconds, Callable<T> work) throws Exception {
        return within(seconds, TimeUnit.SECONDS.toNanos(seconds), late(BROKERS, BROKERS_OPTION, seconds), work);
    }

    private static String late(String who, String option, int seconds) {
        return "%s did not answer all that was asked in %d s; check %s and the network, or set a longer --timeout"
                .formatted(who, seconds, option);
    }

    private static <T> T within(int seconds, long nanoseconds, String late, Callable<T> work) throws Exception {
        if (seconds < 1) {
            throw new IllegalArgumentException("--timeout must be at least 1 second, but is " + seconds);
        }
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "headwater-command");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return executor.submit(work).get(nanoseconds + GRACE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(late, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            executor.shutdownNow();
        }
    }
}
