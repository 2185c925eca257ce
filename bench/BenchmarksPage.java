import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Writes the generated sections of {@code docs/benchmarks.md} from the files in {@code bench/results}. */
final class BenchmarksPage {
    private static final List<String> SECTIONS =
            List.of(
                    "throughput",
                    "race",
                    "checkpoint",
                    "latency",
                    "memory",
                    "replay",
                    "heads",
                    "finetune",
                    "gradients",
                    "endurance",
                    "models",
                    "steps",
                    "hidden",
                    "labels",
                    "delays",
                    "unlabelled",
                    "judge",
                    "space",
                    "lanes",
                    "streams",
                    "featurizer",
                    "serve",
                    "swaps",
                    "overload");
    private static final String NOT_MEASURED = "Not measured yet.\n";

    private final Path results;

    private BenchmarksPage(Path results) {
        this.results = results;
    }

    /** @param args the folder of the results and the page */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[1]);
        BenchmarksPage page = new BenchmarksPage(Path.of(args[0]));
        String text = Files.readString(file);
        for (String section : SECTIONS) {
            text = filled(text, section, page.section(section));
        }
        text = filled(text, "accuracy", page.accuracy());
        Files.writeString(file, filled(text, "strategies", page.strategies()));
    }

    private static String filled(String text, String section, String table) {
        String begin = "<!-- begin " + section + " -->\n";
        String end = "<!-- end " + section + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException("the page must have the begin and end marks of section '" + section + "'");
        }
        return text.substring(0, from + begin.length()) + table + text.substring(to);
    }

    private String section(String name) throws IOException {
        Path file = results.resolve(name + ".json");
        if (!Files.exists(file)) {
            return NOT_MEASURED;
        }
        JsonNode result = new ObjectMapper().readTree(file.toFile());
        String table =
                switch (name) {
                    case "throughput" -> throughput(result);
                    case "race" -> race(result);
                    case "checkpoint" -> checkpoint(result);
                    case "latency" -> latency(result);
                    case "replay" -> replay(result);
                    case "heads" -> heads(result);
                    case "finetune" -> fineTune(result);
                    case "gradients" -> gradients(result);
                    case "endurance" -> endurance(result);
                    case "models" -> models(result);
                    case "steps" -> text(result, "table");
                    case "hidden" -> hidden(result);
                    case "labels" -> labels(result);
                    case "delays" -> delays(result);
                    case "unlabelled" -> unlabelled(result);
                    case "judge" -> judge(result);
                    case "space" -> space(result);
                    case "streams" -> streams(result);
                    case "featurizer" -> featurizer(result);
                    case "serve" -> serve(result);
                    case "swaps" -> swaps(result);
                    case "overload" -> overload(result);
                    case "lanes" -> lanes(result);
                    default -> memory(result);
                };
        return table + "\n" + machine(result.path("machine"));
    }

    private static String throughput(JsonNode result) {
        return "| backbone threads | Headwater, samples/s | plain loop, samples/s | Headwater ÷ plain loop |"
                + " plain loop with tokenisation, samples/s | Headwater ÷ plain loop with tokenisation |"
                + " linear probe, samples/s | Headwater ÷ linear probe |"
                + " processor time of a sample: Headwater, linear probe, plain loop |\n"
                + "| --- ".repeat(9) + "|\n"
                + throughputRow("1", result.path("oneWorker"))
                + throughputRow("2", result.path("twoWorkers"))
                + "\n%s samples, %s rounds. Speeds are medians over the rounds; each ratio is the median of the ratios of the rounds.\n"
                        .formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String throughputRow(String threads, JsonNode row) {
        return "| %s | %s | %s | **%s** | %s | %s | %s |\n"
                .formatted(
                        threads,
                        text(row, "headwaterPerSecond"),
                        text(row, "barePerSecond"),
                        text(row, "ratio"),
                        text(row, "bareTokenisingPerSecond"),
                        text(row, "ratioToTokenising"),
                        row.has("probePerSecond") ? probe(row) : " | | ");
    }

    private static String probe(JsonNode row) {
        return "%s | **%s** | %s, %s, %s ms"
                .formatted(
                        text(row, "probePerSecond"),
                        text(row, "ratioToProbe"),
                        text(row, "headwaterProcessorMilliseconds"),
                        text(row, "probeProcessorMilliseconds"),
                        text(row, "bareProcessorMilliseconds"));
    }

    private static String race(JsonNode result) {
        StringBuilder table = new StringBuilder(
                "| samples of the lane | race of closed forms, samples/s | linear probe, samples/s | race ÷ linear probe |\n"
                        + "| --- ".repeat(4) + "|\n");
        for (JsonNode row : result.path("rows")) {
            table.append("| %s | %s | %s | **%s** |\n"
                    .formatted(text(row, "samples"), text(row, "racePerSecond"), text(row, "probePerSecond"), text(row, "ratio")));
        }
        return table
                + "\n%s rounds. Values are medians over the rounds.\n".formatted(text(result, "rounds"));
    }

    private static String serve(JsonNode result) {
        return "| | base model alone | over HTTP | |\n"
                + "| --- ".repeat(4) + "|\n"
                + "| one caller, median | %s ms | %s ms | **+%s ms** |\n"
                        .formatted(text(result, "bareMedian"), text(result, "oneMedian"), text(result, "addedMedian"))
                + "| one caller, 99th percentile | %s ms | %s ms | **+%s ms** |\n"
                        .formatted(text(result, "bareP99"), text(result, "oneP99"), text(result, "addedP99"))
                + "| %s callers | %s texts/s | %s texts/s | **%s** |\n"
                        .formatted(text(result, "callers"), text(result, "barePerSecond"), text(result, "manyPerSecond"), text(result, "ratio"))
                + "\nThe 99th percentile for %s callers is %s ms, and %s ms while %s versions came to serve. Failed requests: **%s**. Answers of another version than the one that they name: **%s**.\n"
                        .formatted(text(result, "callers"), text(result, "manyP99"), text(result, "swappingP99"), text(result, "swaps"), text(result, "failed"), text(result, "mismatched"))
                + "\n%s requests, %s rounds. Values are medians over the rounds.\n"
                        .formatted(text(result, "requests"), text(result, "rounds"));
    }

    private static String swaps(JsonNode result) {
        return "| requests | lanes | swaps | answers/s | versions that answered | not by the newest | refused | other bits than computed again |\n"
                + "| --- ".repeat(8) + "|\n"
                + "| %s | %s | %s | %s | %s | %s | **%s** | **%s** |\n"
                        .formatted(
                                text(result, "requests"),
                                text(result, "lanes"),
                                text(result, "swaps"),
                                text(result, "perSecond"),
                                text(result, "versionsSeen"),
                                text(result, "byEarlierVersions"),
                                text(result, "refused"),
                                text(result, "mismatched"));
    }

    private static String overload(JsonNode result) {
        return "| | before | while %s times as many ask | after |\n".formatted(text(result, "times"))
                + "| --- ".repeat(4) + "|\n"
                + "| requests in a second | %s | %s, for %s s | |\n"
                        .formatted(text(result, "sustainedPerSecond"), text(result, "offeredPerSecond"), text(result, "seconds"))
                + "| answers in a second | %s | **%s** | |\n".formatted(text(result, "sustainedPerSecond"), text(result, "answeredPerSecond"))
                + "| time to an answer, median | %s ms | %s ms | %s ms |\n"
                        .formatted(text(result, "medianBefore"), text(result, "median"), text(result, "medianAfter"))
                + "| 99th percentile, longest | | **%s ms**, %s ms | |\n".formatted(text(result, "p99"), text(result, "longest"))
                + "| heap in use, memory of the process | %s, %s MiB | | **%s, %s MiB** |\n"
                        .formatted(
                                text(result, "heapBefore"),
                                text(result, "residentBefore"),
                                text(result, "heapAfter"),
                                text(result, "residentAfter"))
                + "\n%s requests were answered, %s were told to come again (429), %s found no connection free, and **%s** failed. The last one that was accepted had its answer %s s after the last request was sent.\n"
                        .formatted(
                                text(result, "answered"),
                                text(result, "refused"),
                                text(result, "notSent"),
                                text(result, "failed"),
                                text(result, "drained"));
    }

    private static String labels(JsonNode result) {
        StringBuilder table = new StringBuilder("| set | requests | strategy | labels | accuracy | less than with all labels |"
                + " error of the unweighted estimate | of the weighted estimate | of the assisted estimate |\n" + "| --- ".repeat(9) + "|\n");
        double all = 0;
        for (JsonNode row : result.path("rows")) {
            boolean isAll = text(row, "strategy").equals("all");
            all = isAll ? row.path("accuracy").asDouble() : all;
            double floor = row.path("floor").asDouble();
            table.append("| %s | %s | %s | %s | %s (%s) | %s | %s | %s | %s |\n"
                    .formatted(
                            text(row, "set"),
                            text(row, "requests"),
                            text(row, "strategy") + (floor > 0.2 ? ", floor " + floor : ""),
                            points(row.path("labels").asDouble(), " %"),
                            number(row, "accuracy"),
                            number(row, "deviation"),
                            isAll ? "" : "**" + points(all - row.path("accuracy").asDouble(), "") + "**",
                            isAll ? "" : points(row.path("unweightedError").asDouble(), ""),
                            isAll ? "" : points(row.path("weightedError").asDouble(), ""),
                            isAll || !row.has("assistedError") ? "" : points(row.path("assistedError").asDouble(), "")));
        }
        return table
                + "\nMeans over %s seeds, with the deviation in brackets. Differences and errors are in points.\n"
                        .formatted(text(result, "seeds"));
    }

    private static String delays(JsonNode result) {
        int marks = result.path("requests").asInt() / result.path("mark").asInt() - 1;
        StringBuilder table = new StringBuilder("| set | labels, requests late |");
        for (int mark = 1; mark <= marks; mark++) {
            table.append(String.format(Locale.ROOT, " after %,d |", mark * result.path("mark").asInt()));
        }
        table.append(" all answers | error with half of the labels | error with all labels | error of the lane's own scores, largest |\n")
                .append("| --- ".repeat(marks + 6))
                .append("|\n");
        for (JsonNode row : result.path("rows")) {
            table.append(String.format(Locale.ROOT, "| %s | %,d |", text(row, "set"), row.path("delay").asInt()));
            row.path("curve").forEach(one -> table.append(String.format(Locale.ROOT, " %.3f |", one.asDouble())));
            table.append(" %s | %s | **%s** | %s, %s |\n"
                    .formatted(
                            number(row, "answered"),
                            points(row.path("partlyError").asDouble(), ""),
                            points(row.path("completeError").asDouble(), ""),
                            points(row.path("ownError").asDouble(), ""),
                            points(row.path("ownLargestError").asDouble(), "")));
        }
        return table
                + "\n%s requests after %s labelled samples, means over %s seeds. Errors are in points, of periods of %s requests.\n"
                        .formatted(text(result, "requests"), text(result, "first"), text(result, "seeds"), text(result, "period"));
    }

    private static String unlabelled(JsonNode result) {
        StringBuilder table = new StringBuilder();
        String before = "";
        for (JsonNode row : result.path("rows")) {
            String name = text(row, "shift") + " | " + text(row, "seeds") + " | " + text(row, "use");
            if (!name.equals(before)) {
                table.append(before.isEmpty() ? "" : "\n").append("| ").append(name).append(" |");
            }
            boolean isFirst = text(row, "use").equals("ignore");
            table.append(" %s%s |"
                    .formatted(
                            number(row, "accuracy"),
                            isFirst ? "" : String.format(Locale.ROOT, " (%+.1f, %+.1f)", 100 * row.path("gain").asDouble(), 100 * row.path("worstGain").asDouble())));
            before = name;
        }
        return "| from one domain to another | seeds | `training.unlabelled` | no label | 16 labels | 64 labels | 112 labels |\n"
                + "| --- ".repeat(7) + "|\n" + table
                + "\n\nAccuracies are means over the seeds. In brackets: what is gained over `ignore`, in points, on average and with the worst seed.\n";
    }

    private static String points(double value, String unit) {
        return String.format(Locale.ROOT, "%.1f%s", 100 * value, unit);
    }

    private static String number(JsonNode row, String key) {
        return String.format(Locale.ROOT, "%.3f", row.path(key).asDouble());
    }

    private static String checkpoint(JsonNode result) {
        return "| checkpoints | samples/s | samples/s with one checkpoint at the end | cost |\n| --- | --- | --- | --- |\n"
                + "| every %s steps, %s in all | %s | %s | **%s %%** |\n"
                        .formatted(
                                text(result, "stepsACheckpoint"),
                                text(result, "checkpoints"),
                                text(result, "withPerSecond"),
                                text(result, "withoutPerSecond"),
                                text(result, "costPercent"))
                + "\n%s samples, %s rounds. Values are medians over the rounds.\n".formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String latency(JsonNode result) {
        return "| time from sending a label until | median | 90th percentile |\n| --- | --- | --- |\n"
                + "| the first prediction by a version that was trained on it | **%s s** | %s s |\n"
                        .formatted(text(result, "medianSeconds"), text(result, "p90Seconds"))
                + "| the commit of that version | %s s | %s s |\n"
                        .formatted(text(result, "medianSecondsToPublished"), text(result, "p90SecondsToPublished"))
                + "\n%s labelled samples and %s requests per second for %s s. %s versions were published and %s promoted. For %s of %s samples, a prediction by a version that was trained on them was received.\n"
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
        StringBuilder table = new StringBuilder("| samples learned | peak heap | resident memory |\n| --- | --- | --- |\n");
        for (JsonNode tenth : result.path("tenths")) {
            table.append("| %s | %s MiB | %s MiB |\n"
                    .formatted(text(tenth, "samples"), text(tenth, "heapMaxMiB"), text(tenth, "residentMiB")));
        }
        return table
                + "\nPeak heap: **%s MiB**. Growth of resident memory from the fourth and fifth tenths of the run to the last two tenths: **%s %%**.\n"
                        .formatted(text(result, "heapMaxMiB"), text(result, "residentGrowthPercent"));
    }

    private static String replay(JsonNode result) {
        StringBuilder table = new StringBuilder("| head | steps for each batch | samples/s without replay | samples/s with replay |"
                + " cost | least and greatest cost of a round |\n" + "| --- ".repeat(6) + "|\n");
        for (JsonNode row : result.path("rows")) {
            String head = row.path("hidden").asInt() == 0 ? "output layer alone" : "hidden layer of " + text(row, "hidden");
            table.append("| %s | %s | %s | %s | **%s %%** | %s to %s %% |\n"
                    .formatted(
                            head,
                            text(row, "steps"),
                            text(row, "nonePerSecond"),
                            text(row, "replayPerSecond"),
                            text(row, "costPercent"),
                            text(row, "leastPercent"),
                            text(row, "greatestPercent")));
        }
        return table
                + "\n%s samples, %s rounds; %s samples replayed for each new one. Values are medians over the rounds.\n"
                        .formatted(text(result, "samples"), text(result, "rounds"), text(result, "replayedForEach"));
    }

    private static String heads(JsonNode result) {
        StringBuilder table = new StringBuilder("| head | features | rows of a step | Headwater, ms | PyTorch, ms |"
                + " Headwater ÷ PyTorch | least and greatest ratio of a round |\n" + "| --- ".repeat(7) + "|\n");
        for (JsonNode head : result.path("heads")) {
            table.append("| %s | %s | %s | %s | %s | **%s** | %s to %s |\n"
                    .formatted(
                            text(head, "head"),
                            text(head, "features"),
                            text(head, "rows"),
                            text(head, "headwaterMilliseconds"),
                            text(head, "pyTorchMilliseconds"),
                            text(head, "headwaterToPyTorch"),
                            text(head, "leastRatio"),
                            text(head, "greatestRatio")));
        }
        return table
                + "\nTimes are the processor time of a batch of %s steps. %s rounds of %s batches; medians over the rounds. The losses of the first batches differ by at most %s.\n"
                        .formatted(
                                text(result, "steps"),
                                text(result, "rounds"),
                                text(result, "batchesARound"),
                                largest(result.path("heads"), "lossDifference"));
    }

    private static String fineTune(JsonNode result) {
        StringBuilder table = new StringBuilder("| trained blocks | forward pass of the whole model | Headwater, ms | PyTorch, ms |"
                + " Headwater ÷ forward pass | PyTorch ÷ forward pass | Headwater ÷ PyTorch |"
                + " peak memory, Headwater | peak memory, PyTorch |\n"
                + "| --- ".repeat(9) + "|\n");
        for (JsonNode top : result.path("tops")) {
            table.append("| %s | %s ms | %s | %s | %s | %s | **%s** | %s MiB | %s MiB |\n"
                    .formatted(
                            text(top, "top"),
                            text(top, "forwardMilliseconds"),
                            text(top, "headwaterMilliseconds"),
                            text(top, "pyTorchMilliseconds"),
                            text(top, "headwater"),
                            text(top, "pyTorch"),
                            text(top, "headwaterToPyTorch"),
                            text(top, "headwaterPeakMiB"),
                            text(top, "pyTorchPeakMiB")));
        }
        return table
                + "\n%s rounds of up to %s steps. Times are medians over the rounds; each ratio is the median of the ratios of the rounds. The losses of the first five steps differ by at most %s.\n"
                        .formatted(text(result, "rounds"), text(result, "stepsARound"), largest(result.path("tops"), "lossDifference"));
    }

    private static String largest(JsonNode rows, String key) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(top -> text(top, key))
                .max(Comparator.comparingDouble(Double::parseDouble))
                .orElse("nothing");
    }

    private static String gradients(JsonNode result) {
        StringBuilder table = new StringBuilder("| top | parameter tensors | values | difference over all tensors | largest difference of one tensor | its name |\n"
                + "| --- ".repeat(6) + "|\n");
        for (JsonNode top : result.path("tops")) {
            table.append("| %s | %s | %s | %s | **%s** | `%s` |\n"
                    .formatted(
                            text(top, "top"),
                            text(top, "parameters"),
                            text(top, "values"),
                            text(top, "difference"),
                            text(top, "worst"),
                            text(top, "worstAt")));
        }
        return table + "\nThe benchmark fails when a difference exceeds %s.\n".formatted(text(result, "tolerance"));
    }

    private static String endurance(JsonNode result) {
        StringBuilder table = new StringBuilder("| strategy | seconds | peak heap | resident memory, early | resident memory, late | growth |\n"
                + "| --- ".repeat(6) + "|\n");
        for (JsonNode run : result.path("strategies")) {
            table.append("| %s | %s | %s MiB | %s MiB | %s MiB | **%s %%** |\n"
                    .formatted(
                            text(run, "strategy"),
                            text(run, "seconds"),
                            text(run, "heapMaxMiB"),
                            text(run, "residentEarlyMiB"),
                            text(run, "residentLateMiB"),
                            text(run, "residentGrowthPercent")));
        }
        return table + "\nEach strategy ran for %s steps.\n".formatted(text(result, "steps"));
    }

    private static String models(JsonNode result) {
        StringBuilder divided = new StringBuilder("| base model | format | parameters | cuts compared |"
                + " largest difference, random inputs | largest difference, real inputs | cuts with a difference above 1e-4 |"
                + " rounding error of the file's precision | difference of the file from itself without optimisations |"
                + " difference from the exported mixed-precision file |\n"
                + "| --- ".repeat(10) + "|\n");
        StringBuilder adapted = new StringBuilder("| base model | export before training | one block: steps, versions |"
                + " accuracy | majority class | replay | export after training | bytes per version |\n" + "| --- ".repeat(8) + "|\n");
        StringBuilder notes = new StringBuilder();
        for (JsonNode model : result.path("models")) {
            String name = text(model, "model");
            if (!model.has("parity")) {
                notes.append("* `%s`: %s\n".formatted(name, text(model, "fault")));
                continue;
            }
            divided.append(divided(name, model, model.path("parity")));
            adapted.append(adapted(name, model));
            notes(name, model, notes);
        }
        String steps = result.has("table") ? text(result, "table") + "\n" : "";
        return steps + divided + "\n" + adapted + (notes.isEmpty() ? "" : "\n" + notes) + "\n%s.\n"
                .formatted(text(result, "real").equals("given") ? "Real inputs come from DATA where it has any and are generated otherwise" : "Real inputs were generated");
    }

    private static String divided(String name, JsonNode model, JsonNode parity) {
        return "| `%s` | %s | %s | %s of %s | **%s** | **%s** | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        text(model, "format"),
                        text(model, "parameters"),
                        text(parity, "compared"),
                        text(parity, "cuts"),
                        difference(parity, "random"),
                        difference(parity, "real"),
                        text(parity, "above1e-4"),
                        text(parity, "unit"),
                        parity.has("own") ? difference(parity, "own") : "",
                        parity.has("samePrecision") ? text(parity, "samePrecision") : "");
    }

    private static String adapted(String name, JsonNode model) {
        JsonNode report = model.path("adapted");
        return "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        orNot(model, "untrained"),
                        report.isMissingNode() ? "no" : text(report, "steps") + ", " + text(report, "versions"),
                        report.isMissingNode() ? "" : share(report, "accuracy"),
                        report.isMissingNode() ? "" : share(report, "majorityAccuracy"),
                        orNot(model, "replay"),
                        orNot(model, "exported"),
                        report.isMissingNode() ? "" : text(report, "versionBytes"));
    }

    private static String orNot(JsonNode model, String key) {
        return model.hasNonNull(key) ? difference(model, key) : "no";
    }

    private static String difference(JsonNode node, String key) {
        String written = text(node, key);
        return written.equals("0.0e+00") ? "0" : written;
    }

    /** Appends the reasons why a step failed or was left out. */
    private static void notes(String name, JsonNode model, StringBuilder notes) {
        for (String key : List.of("fault", "untrainedFault", "adaptedFault", "replayFault", "exportedFault")) {
            if (model.has(key)) {
                notes.append("* `%s`, %s: %s\n".formatted(name, key.replace("Fault", ""), text(model, key)));
            }
        }
        model.path("parity").path("refused").properties().forEach(why -> notes.append("* `%s`, not compared at %s cuts: %s\n"
                .formatted(name, why.getValue().asText(), why.getKey())));
        model.path("parity").path("nothingLearns").properties().forEach(why -> notes.append("* `%s`, compared, but nothing can be trained above %s cuts: %s\n"
                .formatted(name, why.getValue().asText(), why.getKey())));
    }

    private String strategies() throws IOException {
        StringBuilder table = new StringBuilder("| data | base model | strategy | top rate | accuracy | macro-F1 | steps |"
                + " seconds | bytes per version |\n" + "| --- ".repeat(9) + "|\n");
        List<Path> files = files("strategies-");
        for (Path file : files) {
            JsonNode result = new ObjectMapper().readTree(file.toFile());
            for (JsonNode row : result.path("rows")) {
                table.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(
                                text(result, "set"),
                                text(result, "base"),
                                text(row, "strategy"),
                                text(row, "topRate"),
                                row.has("error") ? text(row, "error") + " | | | |" : strategy(row.path("report"))));
            }
        }
        return files.isEmpty() ? NOT_MEASURED : table.toString();
    }

    private static String strategy(JsonNode report) {
        return "**%s** | %s | %s | %.0f | %s"
                .formatted(
                        share(report, "accuracy"),
                        share(report, "macroF1"),
                        text(report, "steps"),
                        Double.parseDouble(text(report, "seconds")),
                        text(report, "versionBytes"));
    }

    /** Returns the results whose names begin with the prefix. */
    private List<Path> files(String prefix) throws IOException {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(results)) {
            return all.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private String accuracy() throws IOException {
        List<Path> files = files("accuracy-");
        if (files.isEmpty()) {
            return NOT_MEASURED;
        }
        StringBuilder table = new StringBuilder("| command | accuracy | macro-F1 | linear probe, one pass | majority class |"
                + " training samples | test samples | versions | dead letters |\n" + "| --- ".repeat(9) + "|\n");
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

    private static String hidden(JsonNode result) {
        List<String> sets = Stream.iterate(result.path("rows").get(0).fieldNames(), Iterator::hasNext, names -> names)
                .map(Iterator::next)
                .filter(name -> result.path("rows").get(0).path(name).isObject())
                .toList();
        String head = "| head | " + String.join(" | ", sets) + " | mean | calibration error |\n"
                + "| --- |" + " --- |".repeat(sets.size() + 2) + "\n";
        String rows = StreamSupport.stream(result.path("rows").spliterator(), false)
                .map(row -> "| " + text(row, "name") + " | "
                        + sets.stream()
                                .map(set -> "%.3f".formatted(row.path(set).path("accuracy").asDouble()))
                                .collect(Collectors.joining(" | "))
                        + " | **%.3f** | %.3f |\n"
                                .formatted(row.path("mean").asDouble(), row.path("meanEce").asDouble()))
                .collect(Collectors.joining());
        return head + rows + remembering(result.path("remembering")) + "\nMeans over %s seeds.\n".formatted(text(result, "seeds"));
    }

    private static String remembering(JsonNode rows) {
        if (rows.isEmpty()) {
            return "";
        }
        List<String> methods = List.of("replay", "der", "lwf", "ewc", "gdumb");
        return "\n| stream | samples in memory | `replay` | `der` | `lwf` | `ewc` | GDumb |\n| --- | --- |" + " --- |".repeat(methods.size()) + "\n"
                + StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> "| %s | %s | ".formatted(text(row, "stream"), text(row, "capacity"))
                                + methods.stream().map(method -> scores(row.path(method))).collect(Collectors.joining(" | "))
                                + " |\n")
                        .collect(Collectors.joining());
    }

    /** Returns accuracy and calibration error; nothing where a method needs a memory and there is none. */
    private static String scores(JsonNode scores) {
        return scores.isMissingNode()
                ? ""
                : "%.3f (%.2f)".formatted(scores.path("accuracy").asDouble(), scores.path("ece").asDouble());
    }

    private static String judge(JsonNode result) {
        StringBuilder page = new StringBuilder("| pairs that differ | equal versions promoted, at %s %% | samples of the fixed test for a gain of %.0f points | median, and share of the fixed test | 80th percentile, and share |\n"
                        .formatted(percent(result.path("level")), 100 * result.path("gain").asDouble())
                + "| --- ".repeat(5) + "|\n");
        for (JsonNode row : result.path("tests")) {
            page.append("| %s %% of the samples | **%s %%** | %s | %s, %s | %s, **%s** |\n"
                    .formatted(
                            percent(row.path("disagreement")),
                            percent(row.path("falsePromotions")),
                            text(row, "fixedSamples"),
                            text(row, "medianSamples"),
                            text(row, "medianRatio"),
                            text(row, "p80Samples"),
                            text(row, "p80Ratio")));
        }
        page.append("\n%s equal challengers, each judged after every one of %s samples.\n\n"
                .formatted(text(result, "challengers"), text(result, "samplesOfAChallenger")));
        page.append("| detector | false alarms at 2, 10 and 30 % errors | 10 to 60 % | 10 to 30 % | 10 to 20 % | 10 to 15 % | 30 to 40 % |\n"
                + "| --- ".repeat(7) + "|\n");
        for (JsonNode row : result.path("detectors")) {
            String name = text(row, "detector");
            page.append("| %s | %s |".formatted(
                    name.equals("own") ? "the lane's own test" : "`" + name + "`",
                    StreamSupport.stream(row.path("falseAlarms").spliterator(), false)
                            .map(alarms -> percent(alarms) + " %")
                            .collect(Collectors.joining(", "))));
            row.path("delays").forEach(delay -> page.append(" %s |".formatted(delay.asText())));
            page.append("\n");
        }
        return page.append("\n%s streams for each number.\n".formatted(text(result, "streams"))).toString();
    }

    private static String space(JsonNode result) {
        return "| artifacts | bytes |\n| --- | --- |\n"
                + "| %s new samples of %s features | %s |\n"
                        .formatted(text(result, "samplesOfAVersion"), text(result, "features"), text(result, "newSamples"))
                + "| a checkpoint that holds everything itself | %s |\n".formatted(text(result, "wholeCheckpoint"))
                + "| a checkpoint, on average | **%s** |\n".formatted(text(result, "checkpoint"))
                + "| a head | %s |\n".formatted(text(result, "head"))
                + "| a version that is kept alone, with all to which it refers | %s |\n".formatted(text(result, "isolated"))
                + "| a day of versions | %s GB |\n".formatted(text(result, "lastDayGigabytes"))
                + "| %s older versions, one in 2,000 of 29 days | %s GB |\n"
                        .formatted(text(result, "olderVersions"), text(result, "olderGigabytes"))
                + "| a month with the default retention | **%s GB** |\n".formatted(text(result, "monthGigabytes"))
                + "| a month of checkpoints that hold everything, all kept | %s GB |\n"
                        .formatted(text(result, "monthOfWholeGigabytes"))
                + "\nMeasured on %s versions.\n".formatted(text(result, "versions"));
    }

    private static String streams(JsonNode result) {
        StringBuilder table = new StringBuilder(
                "| threads | joins | joins/s | records/s |\n" + "| --- ".repeat(4) + "|\n");
        for (JsonNode row : result.path("joins")) {
            table.append("| %s | %s | %s | **%s** |\n"
                    .formatted(
                            text(row, "threads"),
                            text(row, "joins"),
                            text(row, "joinsPerSecond"),
                            text(row, "recordsPerSecond")));
        }
        return table
                + "\n%s open requests of %s characters take %s MB on the disk, and are restored in **%s s**.\n"
                        .formatted(
                                text(result, "openRequests"),
                                text(result, "textCharacters"),
                                text(result, "stateMegabytes"),
                                text(result, "restoreSeconds"));
    }

    private static String featurizer(JsonNode result) {
        StringBuilder table = new StringBuilder("| features are computed by | samples/s | ÷ one thread of the trainer |"
                + " features computed by the trainer |\n"
                + "| --- ".repeat(4) + "|\n");
        for (JsonNode row : result.path("rows")) {
            String by =
                    switch (text(row, "variant")) {
                        case "FUSED_ONE_THREAD" -> "one thread of the trainer";
                        case "FUSED_TWO_THREADS" -> "two threads of the trainer";
                        case "ONE_FEATURIZER" -> "one featurizer";
                        default -> "two featurizers";
                    };
            table.append("| %s | %s | **%s** | %s |\n"
                    .formatted(by, text(row, "samplesPerSecond"), text(row, "ratio"), text(row, "computedByTrainer")));
        }
        return table
                + "\n%s samples on two partitions, %s rounds. Speeds are medians over the rounds, the last column is their sum.\n"
                        .formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String lanes(JsonNode result) {
        StringBuilder table = new StringBuilder(
                "| lanes | samples/s | ÷ one lane | versions | transactions | syncs of the store for each version | for each transaction |"
                        + " longest time between versions of a lane |\n"
                        + "| --- ".repeat(8) + "|\n");
        for (JsonNode row : result.path("rows")) {
            table.append("| %s | %s | **%s** | %s | %s | %s | %s | %s s |\n"
                    .formatted(
                            text(row, "lanes"),
                            text(row, "samplesPerSecond"),
                            text(row, "ratio"),
                            text(row, "versions"),
                            text(row, "transactions"),
                            text(row, "syncsPerVersion"),
                            text(row, "syncsPerTransaction"),
                            text(row, "longestGap")));
        }
        return table
                + "\n%s samples, %s rounds. Values are medians over the rounds.\n"
                        .formatted(text(result, "samples"), text(result, "rounds"));
    }

    private static String percent(JsonNode share) {
        return "%.1f".formatted(100 * share.asDouble()).replaceFirst("\\.0$", "");
    }

    private static String machine(JsonNode machine) {
        return Stream.of("cpu", "cpus", "memory", "java.version", "onnxruntime.version", "nd4j.binary", "heap.max", "load.before")
                .filter(machine::has)
                .map(key -> key + " " + text(machine, key))
                .collect(Collectors.joining(", ", "Measured on: ", ".\n"));
    }

    /** A missing value is an error, so that a page is never written with gaps. */
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
