import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what stands between the marks of {@code docs/benchmarks.md} from the files of {@code bench/results}. */
final class BenchmarksPage {
    private static final List<String> SECTIONS = List.of("throughput", "checkpoint", "latency", "memory");

    private final Path results;

    private BenchmarksPage(Path results) {
        this.results = results;
    }

    /** @param args folder of results, page */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[1]);
        BenchmarksPage page = new BenchmarksPage(Path.of(args[0]));
        String text = Files.readString(file);
        for (String section : SECTIONS) {
            text = filled(text, section, page.section(section));
        }
        Files.writeString(file, filled(text, "accuracy", page.accuracy()));
    }

    private static String filled(String text, String section, String table) {
        String begin = "<!-- begin " + section + " -->\n";
        String end = "<!-- end " + section + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the marks of section '" + section + "'");
        }
        return text.substring(0, from + begin.length()) + table + text.substring(to);
    }

    private String section(String name) throws IOException {
        Path file = results.resolve(name + ".json");
        if (!Files.exists(file)) {
            return "Not measured yet.\n";
        }
        JsonNode result = new ObjectMapper().readTree(file.toFile());
        String table =
                switch (name) {
                    case "throughput" -> throughput(result);
                    case "checkpoint" -> checkpoint(result);
                    case "latency" -> latency(result);
                    default -> memory(result);
                };
        return table + "\n" + machine(result.path("machine"));
    }

    private static String throughput(JsonNode result) {
        return "| threads of the backbone | Headwater, samples/s | bare loop | ratio | bare loop that tokenises too | ratio |\n"
                + "| --- | --- | --- | --- | --- | --- |\n"
                + throughputRow("1", result.path("oneWorker"))
                + throughputRow("2", result.path("twoWorkers"))
                + "\n%s samples, %s rounds, medians; the ratios are medians of the ratios within a round.\n"
                        .formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String throughputRow(String threads, JsonNode row) {
        return "| %s | %s | %s | **%s** | %s | %s |\n"
                .formatted(
                        threads,
                        text(row, "headwaterPerSecond"),
                        text(row, "barePerSecond"),
                        text(row, "ratio"),
                        text(row, "bareTokenisingPerSecond"),
                        text(row, "ratioToTokenising"));
    }

    private static String checkpoint(JsonNode result) {
        return "| checkpoints | samples/s | with one at the end | cost |\n| --- | --- | --- | --- |\n"
                + "| every %s steps, %s in all | %s | %s | **%s %%** |\n"
                        .formatted(
                                text(result, "stepsACheckpoint"),
                                text(result, "checkpoints"),
                                text(result, "withPerSecond"),
                                text(result, "withoutPerSecond"),
                                text(result, "costPercent"))
                + "\n%s samples, %s rounds, medians.\n".formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String latency(JsonNode result) {
        return "| from a label sent to | median | 90 % within |\n| --- | --- | --- |\n"
                + "| the first prediction by a version that learned it | **%s s** | %s s |\n"
                        .formatted(text(result, "medianSeconds"), text(result, "p90Seconds"))
                + "| the commit of that version | %s s | %s s |\n"
                        .formatted(text(result, "medianSecondsToPublished"), text(result, "p90SecondsToPublished"))
                + "\n%s labelled samples and %s requests a second for %s s; %s versions, %s promoted; %s of %s samples were seen in a prediction.\n"
                        .formatted(
                                text(result, "samplesPerSecond"),
                                text(result, "requestsPerSecond"),
                                text(result, "seconds"),
                                text(result, "versions"),
                                text(result, "promotions"),
                                text(result, "samplesSeenInAPrediction"),
                                text(result, "samples"));
    }

    private static String memory(JsonNode result) {
        StringBuilder table = new StringBuilder("| samples learned | heap, at most | resident |\n| --- | --- | --- |\n");
        for (JsonNode tenth : result.path("tenths")) {
            table.append("| %s | %s MiB | %s MiB |\n"
                    .formatted(text(tenth, "samples"), text(tenth, "heapMaxMiB"), text(tenth, "residentMiB")));
        }
        return table
                + "\nHeap at most **%s MiB**. Resident memory from the fourth and fifth tenth to the last two: **%s %%**.\n"
                        .formatted(text(result, "heapMaxMiB"), text(result, "residentGrowthPercent"));
    }

    private String accuracy() throws IOException {
        if (!Files.isDirectory(results)) {
            return "Not measured yet.\n";
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(results)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("accuracy-"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            return "Not measured yet.\n";
        }
        StringBuilder table = new StringBuilder("| command | champion | macro-F1 | linear probe, one pass | majority |"
                + " trained on | tested on | versions | dead letters |\n" + "| --- ".repeat(9) + "|\n");
        for (Path file : files) {
            JsonNode result = new ObjectMapper().readTree(file.toFile());
            JsonNode report = result.path("report");
            table.append("| `%s` | **%s** | %s | %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            text(result, "command"),
                            share(report, "accuracy"),
                            share(report, "macroF1"),
                            share(report, "linearProbeAccuracy"),
                            share(report, "majorityAccuracy"),
                            text(report, "trainSamples"),
                            text(report, "testSamples"),
                            text(report, "versions"),
                            text(report, "deadLetters")));
        }
        return table.toString();
    }

    private static String machine(JsonNode machine) {
        return Stream.of("cpu", "cpus", "memory", "java.version", "onnxruntime.version", "nd4j.binary", "heap.max", "load.before")
                .filter(machine::has)
                .map(key -> key + " " + text(machine, key))
                .collect(Collectors.joining(", ", "Measured on: ", ".\n"));
    }

    /** A number that is missing is a fault: better no page than one with a hole. */
    private static String text(JsonNode node, String key) {
        if (!node.hasNonNull(key)) {
            throw new IllegalStateException("the result must have '" + key + "', but is " + node);
        }
        return node.get(key).asText();
    }

    private static String share(JsonNode node, String key) {
        return String.format(Locale.ROOT, "%.4f", Double.parseDouble(text(node, key)));
    }
}
