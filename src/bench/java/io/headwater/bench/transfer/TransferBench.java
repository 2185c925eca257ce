package io.headwater.bench.transfer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.headwater.bench.Bench;
import io.headwater.bench.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the benefit of transfer learning: compares adapted models with models trained from scratch, with frozen
 * models and with the majority answer.
 */
final class TransferBench {
    private static final Duration LONGEST_COMMAND = Duration.ofHours(4);

    private TransferBench() {}

    /**
     * Runs tasks.
     *
     * @param args folder of data, folder of results, optionally --quick or --up-to SAMPLES, and names of tasks; by
     *     default all tasks
     */
    public static void main(String[] args) throws Exception {
        boolean quick = Bench.isQuick(args);
        List<String> names = new ArrayList<>(List.of(args));
        names.remove("--quick");
        int upTo = upTo(names);
        Path data = Path.of(names.remove(0)).toAbsolutePath();
        Path results = Path.of(names.remove(0));
        Path work = Path.of("target", "bench", "transfer").toAbsolutePath();
        List<String> failed = new ArrayList<>();
        for (String name : names.isEmpty() ? TransferTasks.NAMES : names) {
            // Tasks may run concurrently.
            Path own = Files.createDirectories(work.resolve(name));
            try {
                TransferTask task = new TransferTasks(data, own).of(name);
                Cli cli = Cli.of(Path.of("headwater").toAbsolutePath(), own.resolve("errors"), LONGEST_COMMAND);
                TransferRun run = new TransferRun(task, cli, own, work.resolve("reports"), quick, upTo);
                write(results, "transfer-" + name, run.result());
            } catch (IOException | RuntimeException e) {
                Bench.say("bench: %s failed: %s", name, e);
                failed.add(name);
            }
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException("these tasks failed: " + failed);
        }
    }

    private static void write(Path folder, String name, Map<String, Object> result) throws IOException {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", name);
        named.putAll(result);
        Files.createDirectories(folder);
        Path file = folder.resolve(name + ".json");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), named);
        Bench.say("bench: %s", file);
    }

    private static int upTo(List<String> arguments) {
        int at = arguments.indexOf("--up-to");
        if (at < 0) {
            return Integer.MAX_VALUE;
        }
        arguments.remove(at);
        return Integer.parseInt(arguments.remove(at));
    }
}
