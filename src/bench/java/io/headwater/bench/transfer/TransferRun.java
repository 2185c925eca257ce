package io.headwater.bench.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.bench.Bench;
import io.headwater.bench.Cli;
import io.headwater.bench.Folders;
import io.headwater.bench.transfer.TransferTask.Split;
import io.headwater.domain.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task: selects the training settings of each model on a held-out part of the training data, then trains each
 * model on subsets of several sizes, always with {@code headwater adapt}. Reports are stored under a key derived from
 * their inputs, so that an interrupted run can be resumed.
 */
final class TransferRun {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Integer> SIZES = List.of(50, 200, 1000);
    /** Maximum number of samples for the selection of settings. */
    private static final int CHOOSING = 200;

    private static final int LARGE = 1000;

    private static final int MOST_HELD_BACK = 200;
    private static final int BATCH = 16;
    private static final List<TransferSetting> PROBE =
            List.of(TransferSetting.probe(0.003), TransferSetting.probe(0.01));

    private final TransferTask task;
    private final Cli cli;
    private final Path work;
    private final Path reports;
    private final boolean quick;
    private final int upTo;
    /** The results of the selection, by what was tried. */
    private final Map<String, Map<String, Object>> tried = new LinkedHashMap<>();

    /**
     * Creates a run.
     *
     * @param work folder folder for data, used only by this run
     * @param reports folder folder of reports, shared between runs
     * @param quick whether this is only a trial run
     * @param upTo maximum number of samples; larger training sets are skipped
     */
    TransferRun(TransferTask task, Cli cli, Path work, Path reports, boolean quick, int upTo) {
        this.task = task;
        this.cli = cli;
        this.work = work;
        this.reports = reports;
        this.quick = quick;
        this.upTo = upTo;
    }

    /**
     * A variant in the comparison.
     *
     * @param settings the candidate settings, or the selected one
     */
    private record Arm(String name, String manifest, List<TransferSetting> settings) {}

    private record Stream(
            TransferData data,
            List<Integer> samples,
            @Nullable Path folder) {}

    /** Runs the task and returns its results. */
    Map<String, Object> result() throws Exception {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int size : sizes()) {
            List<Arm> arms = new ArrayList<>();
            for (Arm arm : arms(size)) {
                arms.add(new Arm(arm.name(), arm.manifest(), List.of(choose(arm, size))));
            }
            rows.add(row(size, arms));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("task", task.kind());
        result.put("title", task.title());
        result.put("about", task.about());
        result.put("metric", task.metric());
        if (task.also() != null) {
            result.put("also", task.also());
        }
        result.put("lessIsBetter", task.isError());
        result.put("rows", rows);
        result.put("tried", List.copyOf(tried.values()));
        return result;
    }

    /**
     * Returns the variants to compare. With few samples the adapted model may also use the settings of the probe,
     * because it may be best to unfreeze nothing, as the documentation advises.
     */
    private List<Arm> arms(int size) {
        List<TransferSetting> adapted = new ArrayList<>(task.adapted().settings());
        // Settings of the adapted model that leave the base model frozen are candidates for the probe too.
        List<TransferSetting> probe = new ArrayList<>(PROBE);
        adapted.stream()
                .filter(setting -> setting.isProbe() && !PROBE.contains(setting))
                .forEach(probe::add);
        if (size < LARGE) {
            probe.stream().filter(setting -> !adapted.contains(setting)).forEach(adapted::add);
        }
        return List.of(
                new Arm("adapted", task.adapted().manifest(), List.copyOf(adapted)),
                new Arm("probe", task.adapted().manifest(), List.copyOf(probe)),
                new Arm("scratch", task.scratch().manifest(), task.scratch().settings()));
    }

    private List<Integer> sizes() {
        if (quick) {
            return SIZES.subList(0, 1);
        }
        TreeSet<Integer> sizes = new TreeSet<>(
                SIZES.stream().filter(size -> size < task.effort().largest()).toList());
        sizes.add(task.effort().largest());
        return sizes.stream().filter(size -> size <= upTo).toList();
    }

    /** Returns the setting with the best result on the held-out data; the first one in case of a tie. */
    private TransferSetting choose(Arm arm, int size) throws Exception {
        if (quick || arm.settings().size() == 1) {
            return arm.settings().get(0);
        }
        int at = Math.min(size, CHOOSING);
        Split split = task.material().of(1);
        Subsets subsets = Subsets.of(split.train(), 1);
        int held = Math.min(MOST_HELD_BACK, split.train().size() - CHOOSING);
        Stream test = new Stream(split.train(), subsets.last(held), split.folder());
        TransferSetting chosen = arm.settings().get(0);
        double best = Double.NaN;
        for (TransferSetting setting : arm.settings()) {
            double score = score(adapt(arm, setting, stream(split, subsets, at, 1), test, at, 1));
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("samples", at);
            one.put("model", arm.name().equals("scratch") ? "from scratch" : "pre-trained");
            one.put("setting", setting.title());
            one.put("heldBack", Bench.rounded(score, 4));
            tried.put(one.get("model") + setting.title() + at, one);
            if (Double.isNaN(best) || (task.isError() ? score < best : score > best)) {
                chosen = setting;
                best = score;
            }
        }
        return chosen;
    }

    private Stream stream(Split split, Subsets subsets, int size, int seed) {
        return new Stream(split.train(), subsets.first(size, task.effort().passes(size), seed), split.folder());
    }

    private Map<String, Object> row(int size, List<Arm> arms) throws Exception {
        int seeds = quick ? 1 : task.effort().seeds(size);
        Map<String, List<Double>> scores = new LinkedHashMap<>();
        Map<String, List<Double>> others = new LinkedHashMap<>();
        int tested = Integer.MAX_VALUE;
        long steps = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            Split split = task.material().of(seed);
            Subsets subsets = Subsets.of(split.train(), seed);
            List<Integer> all = IntStream.range(0, split.test().size()).boxed().toList();
            Stream test = new Stream(split.test(), all, split.folder());
            for (Arm arm : arms) {
                JsonNode report =
                        adapt(arm, arm.settings().get(0), stream(split, subsets, size, seed), test, size, seed);
                scores.computeIfAbsent(arm.name(), key -> new ArrayList<>()).add(score(report));
                if (task.also() != null) {
                    others.computeIfAbsent(arm.name(), key -> new ArrayList<>())
                            .add(report.path(task.also()).asDouble());
                }
                // An unfrozen top skips contexts that are split into several passages.
                tested = Math.min(tested, report.path("testSamples").asInt());
                steps = report.path("steps").asLong();
                String majority =
                        "majority" + Character.toUpperCase(task.metric().charAt(0))
                                + task.metric().substring(1);
                if (arm.name().equals("adapted") && report.has(majority)) {
                    scores.computeIfAbsent("majority", key -> new ArrayList<>())
                            .add(report.path(majority).asDouble());
                }
            }
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("samples", size);
        row.put("passes", task.effort().passes(size));
        row.put("steps", steps);
        row.put("testSamples", tested);
        scores.forEach((name, values) -> row.put(name, summary(values, others.getOrDefault(name, List.of()))));
        Map<String, String> settings = new LinkedHashMap<>();
        arms.forEach(arm -> settings.put(arm.name(), arm.settings().get(0).title()));
        row.put("settings", settings);
        return row;
    }

    private static Map<String, Object> summary(List<Double> values, List<Double> others) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("median", Bench.rounded(Bench.median(values), 4));
        summary.put("least", Bench.rounded(Bench.quantile(values, 0), 4));
        summary.put("most", Bench.rounded(Bench.quantile(values, 1), 4));
        summary.put("runs", values.size());
        if (!others.isEmpty()) {
            summary.put("also", Bench.rounded(Bench.median(others), 4));
        }
        return summary;
    }

    private double score(JsonNode report) {
        if (!report.has(task.metric())) {
            throw new IllegalStateException("the report must have '" + task.metric() + "', but is " + report);
        }
        return report.path(task.metric()).asDouble();
    }

    private JsonNode adapt(Arm arm, TransferSetting setting, Stream train, Stream test, int size, int seed)
            throws Exception {
        int steps = Math.max(1, size * task.effort().passes(size) / BATCH);
        String adaptation = adaptation(arm.manifest(), setting.keys(steps), seed);
        String learned = train.data().content(train.samples());
        String tested = test.data().content(test.samples());
        Path manifest = Path.of(arm.manifest());
        String base = Files.isRegularFile(manifest) ? Files.readString(manifest) : arm.manifest();
        // The location of files does not influence the result.
        String follows = String.join("\0", adaptation, base).replaceAll("\"/[^\"]*/", "\"");
        Digest key = Digest.of(String.join("\0", follows, learned, tested).getBytes(StandardCharsets.UTF_8));
        Path kept = reports.resolve(key.hex() + ".json");
        if (!Files.exists(kept)) {
            Path config = Files.writeString(work.resolve("adaptation.yaml"), adaptation);
            Path trainFile = written(train, "learned", learned);
            Path testFile = written(test, "tested", tested);
            Bench.say(
                    "transfer: %s, %s, %d samples, seed %d: %s", task.name(), arm.name(), size, seed, setting.title());
            Path out = work.resolve("out");
            Folders.delete(out);
            String printed = cli.run(List.of(
                    "adapt",
                    "--config",
                    config.toString(),
                    "--train",
                    trainFile.toString(),
                    "--test",
                    testFile.toString(),
                    "--out",
                    out.toString(),
                    "--json"));
            String report = printed.strip().lines().reduce("", (before, line) -> line);
            Files.createDirectories(reports);
            Files.writeString(kept, report);
        }
        JsonNode report = JSON.readTree(kept.toFile());
        Bench.say("transfer: %s, %s, %d samples, seed %d: %.4f", task.name(), arm.name(), size, seed, score(report));
        return report;
    }

    private Path written(Stream stream, String name, String content) throws IOException {
        Path folder = stream.folder() == null ? work : stream.folder();
        return Files.writeString(folder.resolve(name + stream.data().ending()), content);
    }

    private String adaptation(String manifest, List<String> keys, int seed) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("name: transfer\ntask: ")
                .append(task.kind())
                .append("\nbase: \"")
                .append(manifest)
                .append("\"\n");
        // Flat keys of a section must be consecutive, as in a file written by hand.
        List<String> all = new ArrayList<>(task.keys());
        all.addAll(keys);
        all.add("training.seed: " + seed);
        all.add("training.batch-size: " + BATCH);
        // Only one version is published, at the end, so that training is compared without the influence of the gate.
        all.add("checkpoint.steps: 1000000");
        all.add("checkpoint.interval: 24h");
        all.add("guard.samples: 0");
        all.forEach(key -> yaml.append(key).append('\n'));
        return yaml.toString();
    }
}
