package io.headwater.engine.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What this machine's GPU is, or why there is none to use. */
sealed interface GpuSurvey {
    /** How long a driver may take. */
    int SECONDS = 10;

    /** There is one. */
    record Found(Gpu gpu) implements GpuSurvey {}

    /**
     * There is none.
     *
     * @param reason such as a driver that is not installed
     */
    record Missing(String reason) implements GpuSurvey {}

    /** Asks the driver's own program, {@code nvidia-smi}, and waits ten seconds at most. */
    static GpuSurvey ofThisMachine() {
        return ask(List.of(
                "nvidia-smi", "--query-gpu=name,compute_cap,driver_version,memory.total", "--format=csv,noheader"));
    }

    /** What {@code command} says of the first GPU; the one that CUDA uses where it is the only one. */
    static GpuSurvey ask(List<String> command) {
        String program = command.get(0);
        Path answer = null;
        try {
            // To a file: a program that hangs would hang whoever reads from its pipe.
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

    /** What an answer says. */
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
