package io.headwater.bench.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands of the system. */
final class Commands {
    private Commands() {}

    /**
     * Runs a command to its end.
     *
     * @throws IOException when its exit code is not 0, with what it printed
     */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", List.of(command)) + ": " + printed.strip());
        }
    }
}
