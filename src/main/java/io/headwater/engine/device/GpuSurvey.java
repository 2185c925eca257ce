package io.headwater.engine.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The GPU of this machine, or the reason why none can be used. */
sealed interface GpuSurvey {
    /** The maximum time to wait for the driver's answer. */
    int SECONDS = 10;

    /** A GPU was found. */
    record Found(Gpu gpu) implements GpuSurvey {}

    /**
     * No GPU was found.
     *
     * @param reason the reason, such as a driver that is not installed
     */
    record Missing(String reason) implements GpuSurvey {}

    /** Runs the driver's program {@code nvidia-smi} and waits at most ten seconds. */
    static GpuSurvey ofThisMachine() {
        return ask(List.of(
                "nvidia-smi", "--query-gpu=name,compute_cap,driver_version,memory.total", "--format=csv,noheader"));
    }

    /**
     * Runs {@code command} and returns the first GPU that it lists, which is the one that CUDA uses if there is only
     * one.
     */
    static GpuSurvey ask(List<String> command) {
        String program = command.get(0);
        Path answer = null;
        try {
            // Written to a file, as reading from a pipe would block if the program hangs.
            answer = Files.createTempFile("headwater-gpu-", ".csv");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(answer.toFile())
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Missing(program + " did not answer within " + SECONDS + " s");
            }
            return read(program, process.exitValue(), Files.readString(answer, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new Missing("there is no NVIDIA driver: " + program + " cannot be started");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Missing("interrupted as it waited for " + program);
        } finally {
            delete(answer);
        }
    }

    /** Parses the program's answer. */
    static GpuSurvey read(String program, int status, String answer) {
        String first = answer.lines().findFirst().orElse("").strip();
        if (status != 0) {
            return new Missing("%s failed with status %d: %s".formatted(program, status, first));
        }
        if (first.isEmpty()) {
            return new Missing(program + " lists no GPU");
        }
        try {
            return new Found(Gpu.parse(first));
        } catch (IllegalArgumentException e) {
            return new Missing(String.valueOf(e.getMessage()));
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a temporary file
        }
    }
}
