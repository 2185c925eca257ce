package io.headwater.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The command line of Headwater. */
public interface Cli {
    /**
     * Runs a command.
     *
     * @return the output of the command
     * @throws IOException if its exit code is not 0; the message is what it said last
     */
    String run(List<String> arguments) throws Exception;

    /**
     * Returns a command line that runs each command with {@code launcher} in a process of its own.
     *
     * @param errors file for the standard error of a command
     * @param longest a command that takes longer is ended
     */
    static Cli of(Path launcher, Path errors, Duration longest) {
        return arguments -> {
            List<String> command = new ArrayList<>(List.of(launcher.toString()));
            command.addAll(arguments);
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            Executor later = CompletableFuture.delayedExecutor(longest.toSeconds(), TimeUnit.SECONDS);
            CompletableFuture<Void> end = CompletableFuture.runAsync(process::destroyForcibly, later);
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (!end.cancel(false)) {
                throw new IOException("it took longer than " + longest.toMinutes() + " minutes");
            }
            if (code != 0) {
                throw new IOException(message(Files.readAllLines(errors), code));
            }
            return printed;
        };
    }

    /** Returns the last message of Headwater, which may have several lines, or what else was printed last. */
    private static String message(List<String> lines, int code) {
        int begin = lines.size() - 1;
        while (begin > 0 && !lines.get(begin).startsWith("headwater: ")) {
            begin--;
        }
        return lines.isEmpty()
                ? "it ended with exit code " + code + " and said nothing"
                : String.join(" ", lines.subList(begin, lines.size()));
    }
}
