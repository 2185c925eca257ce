package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.adapt.HeadArtifact;
import io.headwater.cli.console.Output;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.engine.TestModels;
import io.headwater.standalone.DemoReport;
import io.headwater.testing.TestSounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import onnx.Onnx.GraphProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests adaptation to data from files end to end, with the real encoder and a real broker. */
class AdaptCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void shouldAdaptToAFileAndReportWhatItCameTo() throws Exception {
        // Given: 200 sentences, of which 40 are kept for the test; one has a blank label, one line has none
        List<String> lines = sentences(200);
        List<String> train = new ArrayList<>(lines.subList(0, 160));
        train.add(80, "  \ta blank label is a dead letter");
        train.add("a line without a tab is skipped");
        Path config =
                Files.writeString(folder.resolve("a.yaml"), "name: mine\ntask: text-classification\nbase: minilm\n");
        Path out = folder.resolve("out");

        // When
        String printed = run(
                "adapt",
                "--config",
                config.toString(),
                "--train",
                Files.write(folder.resolve("train.tsv"), train).toString(),
                "--test",
                Files.write(folder.resolve("test.tsv"), lines.subList(160, 200)).toString(),
                "--out",
                out.toString(),
                "--json");

        // Then
        List<String> output = printed.lines().toList();
        JsonNode report = JSON.readTree(output.get(output.size() - 1));
        assertThat(report.get("adaptation").asText()).isEqualTo("mine");
        assertThat(report.get("lane").asText()).isEqualTo("mine/data");
        assertThat(report.get("folder").asText()).isEqualTo(out.toString());
        for (String fraction : List.of("accuracy", "macroF1", "linearProbeAccuracy", "majorityAccuracy")) {
            assertThat(report.get(fraction).asDouble()).as(fraction).isBetween(0.0, 1.0);
        }
        assertThat(report.get("accuracy").asDouble())
                .isGreaterThan(report.get("majorityAccuracy").asDouble());
        assertThat(report.get("trainSamples").asInt()).isEqualTo(161);
        assertThat(report.get("testSamples").asInt()).isEqualTo(40);
        assertThat(report.get("deadLetters").asInt()).isEqualTo(1);
        assertThat(report.get("deadLetterReasons")).hasSize(1);
        JsonNode unused = report.get("deadLetterReasons").get(0);
        assertThat(unused.get("reason").asText()).isEqualTo("BAD_LABEL");
        assertThat(unused.get("count").asInt()).isEqualTo(1);
        assertThat(unused.get("example").asText()).contains("train.tsv").endsWith("81");
        assertThat(unused.get("message").asText()).contains("label");
        assertThat(report.get("versions").asInt()).isPositive();
        // At most 16 new samples a step.
        assertThat(report.get("steps").asInt()).isBetween(160 / 16, 160);
        assertThat(report.get("versionBytes").asInt()).isPositive();
        assertThat(report.get("samplesPerSecond").asDouble()).isPositive();
        assertThat(report.get("seconds").asDouble()).isPositive();

        assertThat(JSON.readTree(Files.readString(out.resolve("report.json")))).isEqualTo(report);
        assertThat(out.resolve("curve.svg")).content().contains("<svg", "head in training", "accuracy");
        List<Path> artifacts = files(out.resolve("artifacts"));
        assertThat(artifacts)
                .allSatisfy(file -> assertThat(file.toString().replace("/", ""))
                        .endsWith(Digest.of(Files.readAllBytes(file)).hex()))
                .anySatisfy(file ->
                        assertThat(file).hasSize(report.get("versionBytes").asLong()));
        // Each version has a checkpoint of its own. Two versions share a head when all samples between them were held
        // out.
        int versions = report.get("versions").asInt();
        assertThat(artifacts)
                .filteredOn(file -> contains(file, "headwater-checkpoint-3"))
                .hasSize(versions);
        assertThat(artifacts)
                .filteredOn(file -> contains(file, "headwater-head-1"))
                .hasSizeBetween(1, versions);
        assertThat(artifacts).filteredOn(file -> contains(file, "\"task\":")).hasSize(1);
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(300)
    void shouldAdaptAModelOfNumbers() throws Exception {
        // Given a policy, and a rule that its hidden layer can represent: which of the first two observations is
        // larger
        BaseModelManifest model = TestModels.tensor(folder, TestModels.policy(1), "hidden", Pooling.NONE, 4);
        Files.writeString(folder.resolve("policy.yaml"), """
                name: policy
                licence: none
                model: {location: %s, digest: "%s"}
                input: {type: tensor, name: observation, shape: [4], zeros: [state]}
                cut: hidden
                """.formatted(
                        model.model().location(), model.model().digest()));
        Path config = Files.writeString(
                folder.resolve("n.yaml"),
                "name: numbers\ntask: tensor-classification\nbase: ./policy.yaml\nlabels: [left, right]\n");
        List<String> lines = observations(240);
        List<String> train = new ArrayList<>(lines.subList(0, 200));
        train.add("left\t1 2 NaN 4");
        train.add("left\t1 2 3");
        train.add("left\t1 2 3 four");

        List<String> test = new ArrayList<>(lines.subList(200, 240));
        test.addAll(Collections.nCopies(10, "up\t1 2 3 4"));
        test.addAll(Collections.nCopies(4, "left\t1 2 3"));

        // When
        String printed = run(
                "adapt",
                "--config",
                config.toString(),
                "--train",
                Files.write(folder.resolve("train.tsv"), train).toString(),
                "--test",
                Files.write(folder.resolve("test.tsv"), test).toString(),
                "--json");

        // Then the two samples that the model cannot read are dead letters, and the row that does not hold numbers is
        // skipped
        List<String> output = printed.lines().toList();
        JsonNode report = JSON.readTree(output.get(output.size() - 1));
        assertThat(report.get("trainSamples").asInt()).isEqualTo(202);
        assertThat(report.get("deadLetters").asInt()).isEqualTo(2);
        assertThat(report.get("accuracy").asDouble())
                .isGreaterThan(report.get("majorityAccuracy").asDouble());
        // Classes outside of the list count as wrong, and unusable items are counted.
        assertThat(report.get("testSamples").asInt()).isEqualTo(50);
        for (String metric : List.of("accuracy", "linearProbeAccuracy", "majorityAccuracy")) {
            assertThat(report.get(metric).asDouble()).as(metric).isLessThanOrEqualTo(40.0 / 50);
        }
        assertThat(report.get("unusableTestSamples").asInt()).isEqualTo(4);
        assertThat(report.get("firstUnusable").asText()).contains("tensor", "3");
    }

    @Test
    @Timeout(300)
    void shouldSendTheDataAsOftenAsItIsTold() throws Exception {
        // Given 40 observations, two of which the model cannot read, and a manifest that was drafted
        BaseModelManifest model = TestModels.tensor(folder, TestModels.policy(1), "hidden", Pooling.NONE, 4);
        Files.writeString(
                folder.resolve("policy.yaml"),
                BaseModelFile.write(
                        model,
                        folder,
                        Map.of(
                                "licence", "correct this: what holds for the file",
                                "cut", "correct this: what tells most")));
        Path unlicensed = Files.writeString(
                folder.resolve("unlicensed.yaml"),
                BaseModelFile.write(model, folder, Map.of("licence", "correct this: what holds for the file")));
        Path config = Files.writeString(
                folder.resolve("n.yaml"), "name: numbers\ntask: tensor-classification\nbase: ./policy.yaml\n");
        List<String> train = new ArrayList<>(observations(38));
        train.add(10, "left\t1 2 3");
        train.add(20, "left\t1 2 3 4 5");
        Path data = Files.write(folder.resolve("train.tsv"), train);
        String[] arguments = {
            "adapt",
            "--config",
            config.toString(),
            "--train",
            data.toString(),
            "--test",
            data.toString(),
            "--passes",
            "3"
        };

        // When
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        String printed;
        try {
            printed = run(arguments);
            Drafts.warn(unlicensed.toString());
        } finally {
            System.setErr(before);
        }

        // Then
        assertThat(printed)
                .containsPattern("lane +numbers/data, version \\d+")
                .containsPattern("dead letters +6 of 120")
                .containsPattern("  [A-Z_]+ +6, such as train.tsv:11: .*3");
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("policy.yaml' is a draft; correct licence, cut in it")
                .contains("unlicensed.yaml' does not state the model's licence")
                .doesNotContain("unlicensed.yaml' is a draft");
    }

    @Test
    @Timeout(300)
    void shouldLearnWhichOfTwoLayersTells() throws Exception {
        // Given a model with two layers of two features: of observations 0 and 1, which decide, and of 2 and 3
        GraphProto graph = GraphProto.newBuilder()
                .setName("layers")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, new float[] {1, 0, 0, 1, 0, 0, 0, 0}, 4, 2))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, new float[] {0, 0, 0, 0, 1, 0, 0, 1}, 4, 2))
                .addNode(TestModels.node("MatMul", "tells", "observation", "w1"))
                .addNode(TestModels.node("MatMul", "distracts", "observation", "w2"))
                .addOutput(TestModels.value("tells", TestModels.FLOAT, 0, 2))
                .build();
        ModelFile model = TestModels.write(folder, TestModels.model(graph).toByteArray());
        Files.writeString(folder.resolve("layers.yaml"), """
                name: layers
                licence: none
                model: {location: %s, digest: "%s"}
                input: {type: tensor, name: observation, shape: [4]}
                cut: distracts
                """.formatted(model.location(), model.digest()));
        Path config = Files.writeString(folder.resolve("mix.yaml"), """
                name: mix
                task: tensor-classification
                base: ./layers.yaml
                training: {scalar-mix: [distracts, tells], learning-rate: 0.05}
                """);
        List<String> lines = observations(440);
        Path out = folder.resolve("out");

        // When
        String printed = run(
                "adapt",
                "--config",
                config.toString(),
                "--train",
                Files.write(folder.resolve("train.tsv"), lines.subList(0, 400)).toString(),
                "--test",
                Files.write(folder.resolve("test.tsv"), lines.subList(400, 440)).toString(),
                "--out",
                out.toString(),
                "--json");

        // Then it is better than a probe of the layer that the manifest names, and each version gives the other layer
        // more weight
        List<String> output = printed.lines().toList();
        JsonNode report = JSON.readTree(output.get(output.size() - 1));
        assertThat(report.get("accuracy").asDouble())
                .isGreaterThan(0.8)
                .isGreaterThan(report.get("linearProbeAccuracy").asDouble());
        List<float[]> scores = scores(out.resolve("artifacts"));
        assertThat(scores)
                .hasSize(report.get("versions").asInt())
                .allSatisfy(s -> assertThat(s[1]).isGreaterThan(s[0]))
                .anySatisfy(s -> assertThat(s[1] - s[0]).isGreaterThan(0.5f));
    }

    @Test
    @Timeout(300)
    void shouldAdaptAModelOfSound() throws Exception {
        // Given tones of three heights as WAV and FLAC files of three rates, some of which cannot be used
        BaseModelManifest model = TestModels.audio(folder, 0.5, WindowPooling.MEAN_DEVIATION);
        Path added = Files.createDirectories(folder.resolve("models/speech-embedding"));
        Files.writeString(added.resolve("manifest.yaml"), BaseModelFile.write(model, added, Map.of()));
        Path train = folder.resolve("train");
        tones(train, 60, 5);
        byte[] whole = TestSounds.wav(TestSounds.tone(300, 8000, 2000, 0.5), 8000);
        Files.write(train.resolve("low/cut-off.wav"), Arrays.copyOf(whole, 1000));
        Files.write(train.resolve("low/silence.wav"), TestSounds.wav(new float[2000], 8000));
        Path test = folder.resolve("test");
        tones(test, 20, 6);

        // When
        System.setProperty("headwater.models", folder.resolve("models").toString());
        String printed;
        try {
            printed = run(
                    "adapt",
                    "--config",
                    "docs/examples/audio-classification.yaml",
                    "--train",
                    train.toString(),
                    "--test",
                    test.toString(),
                    "--json");
        } finally {
            System.clearProperty("headwater.models");
        }

        // Then
        List<String> output = printed.lines().toList();
        JsonNode report = JSON.readTree(output.get(output.size() - 1));
        assertThat(report.get("trainSamples").asInt()).isEqualTo(182);
        assertThat(report.get("deadLetters").asInt()).isEqualTo(2);
        assertThat(report.get("testSamples").asInt()).isEqualTo(60);
        assertThat(report.get("accuracy").asDouble()).isGreaterThan(0.9);
    }

    @Test
    void shouldPrintTheDemosReportWithTheFieldsThatArePromised() throws Exception {
        DemoReport report = new DemoReport(
                "demo",
                List.of(new DemoReport.DomainReport("hotel", true, 0.9, 0.5, 0.8, 0.6, 3, 100)),
                List.of(new DemoReport.ChangeReport(
                        "wrong", "hotel", 48, 0.9, 0.8, 1, 6, 0, "logistic", new TreeMap<>(Map.of("logistic", 0.8)))),
                5,
                300,
                1,
                42);

        JsonNode json = JSON.readTree(Output.json(report));

        assertThat(json.fieldNames())
                .toIterable()
                .contains("adaptation", "domains", "changes", "versions", "samples", "deadLetters", "seconds");
        assertThat(json.get("changes").get(0).fieldNames())
                .toIterable()
                .contains(
                        "change",
                        "domain",
                        "samples",
                        "accuracyAtFirst",
                        "accuracyAtLast",
                        "drifts",
                        "refused",
                        "rollbacks",
                        "best",
                        "contenders");
        assertThat(json.get("domains").get(0).fieldNames())
                .toIterable()
                .contains(
                        "domain",
                        "accuracyBeforeShift",
                        "accuracyAtShift",
                        "accuracyAfterAdaptation",
                        "accuracyUnadapted",
                        "versions",
                        "samples");
    }

    private static String run(String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(HeadwaterMain.commandLine(CommandLine.defaultFactory()).execute(args))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static List<String> sentences(int count) throws Exception {
        try (InputStream in = Objects.requireNonNull(AdaptCommandTest.class.getResourceAsStream("/demo/hotel.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .limit(count)
                    .toList();
        }
    }

    private static List<String> observations(int count) {
        SplittableRandom random = new SplittableRandom(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] values = random.doubles(4, -2, 2).toArray();
            lines.add("%s\t%s, %s, %s, %s"
                    .formatted(values[0] > values[1] ? "left" : "right", values[0], values[1], values[2], values[3]));
        }
        return lines;
    }

    /** Returns the scores from which the heads among the artifacts compute the layer weights. */
    private static List<float[]> scores(Path artifacts) throws Exception {
        List<float[]> scores = new ArrayList<>();
        for (Path file : files(artifacts)) {
            try {
                HeadArtifact head = HeadArtifact.fromBytes(Files.readAllBytes(file));
                scores.add(
                        Objects.requireNonNull(head.parameters().get("mix/s")).values());
            } catch (ArtifactException notAHead) {
                assertThat(notAHead).hasMessageNotContaining("output/b");
            }
        }
        return scores;
    }

    private static void tones(Path root, int each, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Integer> heights = new TreeMap<>(Map.of("low", 300, "middle", 900, "high", 2200));
        for (Map.Entry<String, Integer> height : heights.entrySet()) {
            Path classFolder = Files.createDirectories(root.resolve(height.getKey()));
            for (int i = 0; i < each; i++) {
                int rate = new int[] {8000, 16_000, 22_050}[i % 3];
                double hertz = height.getValue() * random.nextDouble(0.8, 1.25);
                float[] tone = TestSounds.tone(hertz, rate, random.nextInt(rate / 20, rate / 2), 0.5);
                boolean flac = i % 2 == 0;
                Files.write(
                        classFolder.resolve(i + (flac ? ".flac" : ".wav")),
                        flac ? TestSounds.flac(tone, rate) : TestSounds.wav(tone, rate));
            }
        }
    }

    private static List<Path> files(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().contains("sha256"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }
}
