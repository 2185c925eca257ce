package io.headwater.cli.console;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Option;

/** The option that limits the time of a command that reads the log. */
public class TimeLimit {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait for the brokers. Default: ${DEFAULT-VALUE}.")
    public int seconds;

    /**
     * Returns the result of {@code work}.
     *
     * @throws IllegalStateException when it takes too long
     */
    public <T> T within(Callable<T> work) throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "headwater-command");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return executor.submit(work).get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the log was not read in %d s; check the brokers, or set --timeout".formatted(seconds), e);
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
