package io.headwater.bench.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Cli;
import io.headwater.bench.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tries all operations on every base model of a folder and on the built-in one. {@code --quick} and {@code --steps} try less,
 * and {@code --resume} takes over what a former run has tried.
 */
final class ModelsBench {
    /** Environment variable with the path of the folder. */
    private static final String FOLDER = "HEADWATER_BENCH_MODELS";
    /** Environment variable with the path of real inputs, which are optional. */
    private static final String DATA = "HEADWATER_BENCH_DATA";

    private static final Set<String> ENDINGS = Set.of("onnx", "h5", "zip");
    private static final Path WORK = Path.of("target", "bench", "models");
    private static final Path KEPT = Path.of("target", "bench", "models-kept");
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(15);
    private static final String BUILT_IN = "all-minilm-l6-v2";

    private ModelsBench() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> machine = Machine.facts();
        Path folder = Path.of(required(FOLDER));
        String data = System.getenv(DATA);
        Path real = data == null || data.isEmpty() ? null : Path.of(data);
        boolean resumed = List.of(args).contains("--resume");
        ModelTrial.Extent extent = extent(args);
        KeptTrials kept = new KeptTrials(KEPT, extent);
        delete(WORK);
        if (!resumed) {
            delete(KEPT);
        }
        Path builtIn = Files.createDirectories(WORK.resolve("built-in").toAbsolutePath());
        List<Path> files = new ArrayList<>(models(folder));
        files.add(resource(builtIn, BUILT_IN + ".onnx"));
        resource(builtIn, BUILT_IN + "-tokenizer.json");
        Cli cli = Cli.of(
                Path.of("headwater").toAbsolutePath(), WORK.resolve("errors").toAbsolutePath(), LONGEST_COMMAND);
        List<Map<String, Object>> models = new ArrayList<>();
        for (Path file : files) {
            Map<String, Object> tried = kept.of(file);
            if (tried == null) {
                Path work = Files.createDirectories(WORK.resolve("trial").toAbsolutePath());
                tried = ModelTrial.of(cli, file, beside(file, real), work, extent);
                Bench.say("%s", new ObjectMapper().writeValueAsString(tried));
                kept.keep(file, tried);
                delete(work);
            }
            models.add(tried);
        }
        String table = StepsTable.of(models);
        System.err.println(table);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("real", real == null ? "generated" : "given");
        report.put("models", models);
        report.put("table", table);
        Bench.print(extent == ModelTrial.Extent.STEPS ? "steps" : "models", report, machine);
    }

    private static ModelTrial.Extent extent(String[] args) {
        if (List.of(args).contains("--steps")) {
            return ModelTrial.Extent.STEPS;
        }
        return Bench.isQuick(args) ? ModelTrial.Extent.QUICK : ModelTrial.Extent.FULL;
    }

    private static String required(String name) {
        String value = System.getenv(name);
        if (value == null || !Files.isDirectory(Path.of(value))) {
            throw new IllegalArgumentException(name + " must name a folder of models, but is " + value);
        }
        return value;
    }

    private static List<Path> models(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            ENDINGS.contains(file.getFileName().toString().replaceFirst(".*\\.", "")))
                    .sorted()
                    .toList();
        }
    }

    private static ModelTrial.Beside beside(Path file, @Nullable Path data) {
        String name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        List<Path> folders = new ArrayList<>(List.of(file.resolveSibling("")));
        if (data != null) {
            folders.add(0, data);
        }
        return new ModelTrial.Beside(first(folders, name + ".yaml"), first(folders, name + "-tokenizer.json"), data);
    }

    private static @Nullable Path first(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }

    private static Path resource(Path folder, String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = ModelsBench.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException("resource /" + name + " is missing from the build");
            }
            Files.copy(in, file);
        }
        return file;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
