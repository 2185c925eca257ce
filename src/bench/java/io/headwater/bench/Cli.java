package io.headwater.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of Headwater. */
public interface Cli {
    /**
     * Runs a command.
     *
     * @return the output of the command
     * @throws IOException if its exit code is not 0; the message is the end of its output
     */
    String run(List<String> arguments) throws Exception;

    /** Returns a command line that runs each command with {@code launcher} in a process of its own. */
    static Cli of(Path launcher, Path errors) {
        return arguments -> {
            List<String> command = new ArrayList<>(List.of(launcher.toString()));
            command.addAll(arguments);
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                List<String> predicted = Files.readAllLines(errors);
                throw new IOException(predicted.isEmpty() ? "it said nothing" : predicted.get(predicted.size() - 1));
            }
            return printed;
        };
    }
}
