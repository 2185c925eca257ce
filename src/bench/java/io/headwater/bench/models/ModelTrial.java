package io.headwater.bench.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.adapt.HeadArtifact;
import io.headwater.bench.Bench;
import io.headwater.bench.Cli;
import io.headwater.bench.models.Steps.Step;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.runtime.TwoParts;
import io.headwater.engine.weights.Tensor;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.store.FileArtifactStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Performs all operations on a base model: it is inspected, added, divided, adapted, replayed and exported. */
public final class ModelTrial {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LANE = "trial/data";
    private static final double LARGEST_DIFFERENCE = 1e-3;
    private static final int TRAIN = 48;
    private static final int TEST = 16;
    private static final long MAX_ARTIFACT_BYTES = 1L << 30;

    private final Cli cli;
    private final Path file;
    private final Beside beside;
    private final Path work;
    private final Extent extent;
    private final Map<String, Object> report = new LinkedHashMap<>();
    private final Steps steps;

    /**
     * The files that accompany a model's file.
     *
     * @param manifest manifest of the model; null to use a draft
     * @param tokenizer tokenizer of a text model; null to use the draft's, or a generated one if it names none
     * @param data folder of real inputs; null for generated ones
     */
    public record Beside(
            @Nullable Path manifest,
            @Nullable Path tokenizer,
            @Nullable Path data) {
        /** Nothing. */
        public static final Beside NOTHING = new Beside(null, null, null);
    }

    /** How much of a model is tried. */
    public enum Extent {
        /** All steps, and every cut is compared. */
        FULL(1, 3),
        /** Every fifth cut is compared, and a model that passed with an unfrozen block is not adapted again. */
        QUICK(5, 2),
        /** As {@link #QUICK}, but no cut is compared and nothing is replayed. */
        STEPS(0, 2);

        private final int every;
        private final int inputs;

        Extent(int every, int inputs) {
            this.every = every;
            this.inputs = inputs;
        }
    }

    private ModelTrial(Cli cli, Path file, Beside beside, Path work, Extent extent) {
        this.cli = cli;
        this.file = file;
        this.beside = beside;
        this.work = work;
        this.extent = extent;
        steps = new Steps(String.valueOf(file.getFileName()));
    }

    /**
     * Tries the model in {@code file}.
     *
     * @param work an empty folder
     * @param extent how much of it to try
     * @return the results; {@code steps} tells what passed, and an entry whose name ends in {@code Fault} why something
     *     failed
     */
    public static Map<String, Object> of(Cli cli, Path file, Beside beside, Path work, Extent extent) {
        ModelTrial trial = new ModelTrial(cli, file, beside, work, extent);
        trial.report.put("model", file.getFileName().toString());
        try {
            trial.run();
        } catch (Exception e) {
            Bench.say("%s: %s", file.getFileName(), e);
            trial.report.put("fault", Told.of(e));
        }
        trial.report.put("steps", trial.steps.report());
        return trial.report;
    }

    private void run() throws Exception {
        JsonNode[] read = new JsonNode[1];
        if (!steps.pass(Step.INSPECT, () -> read[0] = json(List.of("models", "inspect", file.toString(), "--json")))) {
            report.put("fault", steps.result(Step.INSPECT));
            return;
        }
        JsonNode inspected = read[0];
        report.put("format", inspected.get("format").asText());
        report.put("family", inspected.get("family").asText());
        report.put("parameters", inspected.get("parameters").asLong());
        report.put("drafted", drafted(inspected));
        Path models = work.resolve("models");
        if (!steps.pass(Step.ADD, () -> json(add(models, inspected)))) {
            report.put("fault", steps.result(Step.ADD));
            return;
        }
        Path manifestFile = models.resolve("trial").resolve("manifest.yaml");
        BaseModelManifest manifest = BaseModelFile.read(manifestFile);
        report.put("feature", manifest.cut());
        ModelSamples samples = new ModelSamples(manifest);
        List<ModelInput> random = samples.random(extent.inputs);
        List<ModelInput> real = samples.real(extent.inputs, dataFor(samples.task()));
        List<ModelInput> all = new ArrayList<>(random);
        all.addAll(real);
        steps.pass(Step.FEATURES, () -> features(manifest, all));
        if (extent.every > 0) {
            compare(manifest, inspected, random, real);
            untrained(manifest, inspected, all);
        }
        boolean tuned = steps.pass(Step.FINE_TUNE, () -> {
            try {
                adapt("tuned", "strategy: fine-tune, unfreeze: 1, ", manifestFile, manifest, samples, all);
            } catch (Exception e) {
                report.put("adaptedFault", Told.of(e));
                throw e;
            }
        });
        if (tuned && extent != Extent.FULL) {
            steps.implied(Step.ADAPT);
        } else {
            steps.pass(Step.ADAPT, () -> adapt(tuned ? "" : "probe", "", manifestFile, manifest, samples, all));
        }
    }

    private void compare(
            BaseModelManifest manifest, JsonNode inspected, List<ModelInput> random, List<ModelInput> real) {
        try {
            report.put("parity", CutParity.of(manifest, inspected, random, real, extent.every));
        } catch (Exception e) {
            Bench.say("%s parity: %s", file.getFileName(), e);
            report.put("fault", Told.of(e));
        }
    }

    /** Describes the draft in a few words. */
    private static String drafted(JsonNode inspected) {
        String input = "";
        for (JsonNode each : inspected.get("inputs")) {
            String role = each.get("role").asText();
            boolean sample = List.of("ids", "image", "tensor").contains(role);
            input = sample ? "%s `%s`".formatted(role, each.get("name").asText()) : input;
        }
        return "%s to `%s`, %s"
                .formatted(
                        input,
                        inspected.get("feature").asText(),
                        inspected.get("pooling").asText());
    }

    private static void features(BaseModelManifest manifest, List<ModelInput> inputs) {
        AdaptationConfig probe = AdaptationConfig.of("bench", TaskKind.TENSOR_CLASSIFICATION, manifest.name());
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(probe)) {
            model.backbone().features(inputs);
        }
    }

    private List<String> add(Path models, JsonNode inspected) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("models", "add", file.toString(), "--name", "trial", "--models", models.toString(), "--json"));
        if (beside.manifest() != null) {
            command.addAll(List.of("--manifest", beside.manifest().toString()));
            return command;
        }
        String ids = "";
        for (JsonNode input : inspected.get("inputs")) {
            ids = input.get("role").asText().equals("ids") ? input.get("name").asText() : ids;
        }
        if (!ids.isEmpty()) {
            Path tokenizer = beside.tokenizer() == null
                    ? ModelSamples.tokenizer(work.resolve("tokenizer.json"), TwoParts.vocabulary(file, ids))
                    : beside.tokenizer();
            report.put("tokenizer", beside.tokenizer() == null ? "generated" : "its own");
            command.addAll(List.of("--tokenizer", tokenizer.toString()));
        }
        return command;
    }

    private @Nullable Path dataFor(TaskKind task) {
        Path data = beside.data();
        if (data == null) {
            return null;
        }
        String own = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
        List<String> names = switch (task) {
            case TEXT_CLASSIFICATION -> List.of("text.tsv");
            case IMAGE_CLASSIFICATION -> List.of("images.zip", "images");
            default -> List.of(own + ".tsv");
        };
        return names.stream()
                .map(data::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
    }

    // An untrained version.

    private void untrained(BaseModelManifest manifest, JsonNode inspected, List<ModelInput> inputs) {
        try {
            String cut = topCut(inspected);
            double difference = TwoParts.isGraph(manifest)
                    ? GraphFiles.untrained(manifest, cut, work.resolve("untrained.zip"), inputs)
                    : CutParity.exported(CutParity.whole(manifest, inspected), cut, inputs);
            report.put("untrained", Told.scientific(difference));
        } catch (Exception e) {
            Bench.say("%s untrained: %s", file.getFileName(), e);
            report.put("untrainedFault", Told.of(e));
        }
    }

    /** Returns the cut below the top block. */
    private static String topCut(JsonNode inspected) {
        for (JsonNode block : inspected.get("blocks")) {
            if (!block.get("cut").asText().isEmpty()) {
                return block.get("cut").asText();
            }
        }
        return inspected.get("cuts").get(0).get("name").asText();
    }

    // A trained version.

    /**
     * Adapts the model, replays the versions and exports the champion.
     *
     * @param name the name of the adaptation; empty to do no more than adapt
     * @param training keys of {@code training}
     */
    private void adapt(
            String name,
            String training,
            Path manifestFile,
            BaseModelManifest manifest,
            ModelSamples samples,
            List<ModelInput> inputs)
            throws Exception {
        Path config = Files.writeString(work.resolve("trial" + name + ".yaml"), """
                name: trial
                task: %s
                base: "%s"
                training: {%sbatch-size: 8}
                replay: {capacity: 16, per-step: 4}
                checkpoint: {steps: 2, interval: 5m}
                guard: {samples: 0}
                """.formatted(
                        samples.task().key(), manifestFile, training));
        Path out = work.resolve("out" + name);
        JsonNode adapted = json(List.of(
                "adapt",
                "--config",
                config.toString(),
                "--train",
                samples.write(work, "train" + name, TRAIN, 1).toString(),
                "--test",
                samples.write(work, "test" + name, TEST, 100).toString(),
                "--out",
                out.toString(),
                "--json"));
        if (name.isEmpty()) {
            return;
        }
        Map<String, Object> kept = new LinkedHashMap<>();
        for (String key : List.of("steps", "versions", "versionBytes", "deadLetters", "accuracy", "majorityAccuracy")) {
            kept.put(key, adapted.get(key));
        }
        report.put("adapted", kept);
        try (EmbeddedBroker broker = EmbeddedBroker.startIn(out.resolve("kafka"))) {
            List<String> where = List.of(
                    "--lane",
                    LANE,
                    "--bootstrap-servers",
                    broker.bootstrapServers(),
                    "--store",
                    out.resolve("artifacts").toString());
            if (extent != Extent.STEPS) {
                replay(where);
            }
            export(where, manifest, AdaptationFile.read(config), out.resolve("artifacts"), inputs);
        }
    }

    private void replay(List<String> where) {
        try {
            JsonNode replayed = json(command(List.of("replay", "--json"), where));
            boolean same = replayed.get("matches").asBoolean();
            report.put("replayed", replayed.get("versions").size());
            report.put("replay", same ? "same" : "different");
        } catch (Exception e) {
            Bench.say("%s replay: %s", file.getFileName(), e);
            report.put("replayFault", Told.of(e));
        }
    }

    private void export(
            List<String> where,
            BaseModelManifest manifest,
            AdaptationConfig config,
            Path artifacts,
            List<ModelInput> inputs) {
        try {
            boolean graph = TwoParts.isGraph(manifest);
            Path exported = work.resolve(graph ? "exported.zip" : "exported.onnx");
            JsonNode predicted = json(command(
                    List.of(
                            "versions",
                            "export",
                            "--format",
                            graph ? "dl4j" : "onnx",
                            "--out",
                            exported.toString(),
                            "--json"),
                    where));
            report.put("exportedBytes", predicted.get("bytes"));
            steps.implied(Step.EXPORT);
            HeadArtifact head = HeadArtifact.fromBytes(new FileArtifactStore(artifacts, MAX_ARTIFACT_BYTES)
                    .get(champion(where, predicted.get("version").asText())));
            float[][] own = own(manifest, config, head.parameters(), inputs);
            double difference = graph
                    ? GraphFiles.difference(exported, inputs, own, manifest)
                    : CutParity.absolute(exported, manifest, inputs, own);
            report.put("exported", Told.scientific(difference));
            steps.pass(
                    Step.EQUAL_OUTPUTS,
                    () -> requireEqual(
                            difference, () -> graph ? 0 : CutParity.optimisations(exported, manifest, inputs)));
        } catch (Exception e) {
            Bench.say("%s export: %s", file.getFileName(), e);
            report.put("exportedFault", Told.of(e));
            steps.fail(steps.result(Step.EXPORT).equals(Steps.PASSED) ? Step.EQUAL_OUTPUTS : Step.EXPORT, e);
        }
    }

    /** @param optimisations computes by how much those of the runtime change the probabilities */
    private static void requireEqual(double difference, Callable<Double> optimisations) throws Exception {
        if (!(difference <= LARGEST_DIFFERENCE)) {
            throw new IllegalStateException(
                    "probabilities of the exported file must be within %s of Headwater's, but differ by %s; whether ONNX Runtime optimises the file or not changes them by %s"
                            .formatted(
                                    LARGEST_DIFFERENCE,
                                    Told.scientific(difference),
                                    Told.scientific(optimisations.call())));
        }
    }

    private Digest champion(List<String> where, String version) throws Exception {
        JsonNode listed = json(command(List.of("versions", "--json"), where));
        for (JsonNode each : listed.get("versions")) {
            if (version.endsWith("@" + each.get("ref").get("number").asText())) {
                JsonNode artifact = each.get("ref").get("artifact");
                return new Digest((artifact.isObject() ? artifact.get("hex") : artifact)
                        .asText()
                        .replace("sha256:", ""));
            }
        }
        throw new IllegalStateException("version '" + version + "' must be listed, but only " + listed + " are");
    }

    /** Returns Headwater's own predictions. */
    private static float[][] own(
            BaseModelManifest manifest,
            AdaptationConfig config,
            Map<String, Tensor.F32> parameters,
            List<ModelInput> inputs) {
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().answering(new TreeMap<>(parameters))) {
            return head.probabilities(model.backbone().features(inputs).toArray(float[][]::new));
        }
    }

    private static List<String> command(List<String> first, List<String> then) {
        List<String> command = new ArrayList<>(first);
        command.addAll(then);
        return command;
    }

    private JsonNode json(List<String> command) throws Exception {
        String printed = cli.run(command);
        List<String> lines = printed.lines().toList();
        return JSON.readTree(lines.get(lines.size() - 1));
    }
}
