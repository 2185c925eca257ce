package io.headwater.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.DividedModel;
import io.headwater.engine.TestModels;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.ops.Tasks;
import io.headwater.task.Featurizer;
import io.headwater.task.PayloadView;
import io.headwater.task.Task;
import io.headwater.testing.TestSounds;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * Tests that a folder which {@code adapt --export} writes is all that a user of ONNX Runtime needs: the exported model, given
 * inputs that are prepared as the folder describes and without any code of Headwater, says what Headwater says.
 */
@Timeout(300)
class AdaptExportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "text-classification, ''",
        "multi-label-classification, 'labels: [good, bad]'",
        "regression, ''",
        "token-classification, ''"
    })
    void shouldExplainAModelOfTexts(String task, String keys) throws Exception {
        boolean isTagging = task.equals("token-classification");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String word = i % 2 == 0 ? "delight" : "disaster";
            String label = task.equals("regression") ? (i % 2) + ".5" : i % 2 == 0 ? "good" : "bad";
            lines.append(
                    isTagging
                            ? "a\tO\n%s\tB-%s\n%d\tO\n\n".formatted(word, label, i)
                            : "%s\ta %s, number %d\n".formatted(label, word, i));
        }
        BaseModelManifest model = TestModels.text(folder);

        Path exported = adapt(model, task, keys, data(lines, isTagging ? ".conll" : ".tsv"));

        assertThat(names(exported))
                .containsExactly(
                        "README.md", "labels.json", "model.onnx", "predict.py", "preprocessing.json", "tokenizer.json");
        String text = "what a delight, what a delight, number 7";
        JsonNode described =
                JSON.readTree(exported.resolve("preprocessing.json").toFile());
        assertThat(described.get("task").asText()).isEqualTo(task);
        JsonNode input = described.get("input");
        assertThat(input.get("type").asText()).isEqualTo("text");
        float[] logits;
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                exported.resolve("tokenizer.json"),
                Map.of(
                        "truncation",
                        "true",
                        "padding",
                        "false",
                        "maxLength",
                        input.get("max-tokens").asText()))) {
            Encoding encoding = tokenizer.encode(text);
            assertThat(input.get("mask").asText() + input.get("types").asText()).isEmpty();
            logits = run(exported, Map.of(input.get("ids").asText(), encoding.getIds()));
        }
        requireSame(exported, new Payload.Text(text), logits);
        requireScript(exported, text, logits);
    }

    @Test
    void shouldExplainAModelOfImages() throws Exception {
        Path data = folder.resolve("photos");
        for (int i = 0; i < 30; i++) {
            photo(data.resolve("blue/%d.png".formatted(i)), new Color(i, 2 * i, 200), 4 + i % 3);
            photo(data.resolve("red/%d.png".formatted(i)), new Color(200, 2 * i, i), 4 + i % 3);
        }
        BaseModelManifest tiny =
                TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "rectified", Pooling.MEAN);
        BaseModelManifest model = tiny.withInput(new ImageInput(
                "pixels",
                4,
                4,
                ImageLayout.NCHW,
                Channels.BGR,
                List.of(100.0, 110.0, 120.0),
                List.of(0.01, 0.02, 0.03)));

        Path exported = adapt(model, "image-classification", "", data);

        assertThat(names(exported))
                .containsExactly("README.md", "labels.json", "model.onnx", "predict.py", "preprocessing.json");
        Path probe = photo(folder.resolve("probe.png"), new Color(17, 130, 201), 4);
        JsonNode input =
                JSON.readTree(exported.resolve("preprocessing.json").toFile()).get("input");
        assertThat(input.get("layout").asText()).isEqualTo("nchw");
        assertThat(input.get("channels").asText()).isEqualTo("bgr");
        BufferedImage image = ImageIO.read(probe.toFile());
        int width = input.get("width").asInt();
        int height = input.get("height").asInt();
        assertThat(image.getWidth()).isEqualTo(width);
        float[] pixels = new float[3 * width * height];
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < width * height; i++) {
                int value = image.getRGB(i % width, i / width) >> (8 * channel) & 0xff; // blue is the lowest byte
                pixels[channel * width * height + i] =
                        (float) ((value - input.get("mean").get(channel).asDouble())
                                * input.get("scale").get(channel).asDouble());
            }
        }
        float[] logits = run(exported, Map.of(input.get("name").asText(), new Shaped(pixels, 1, 3, height, width)));
        requireSame(exported, new Payload.EncodedImage(Files.readAllBytes(probe)), logits);
        requireScript(exported, probe.toString(), logits);
    }

    @Test
    void shouldExplainAModelOfNumbers() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            double[] values = random.doubles(4, -2, 2).toArray();
            lines.append(values[0] > values[1] ? "left" : "right")
                    .append('\t')
                    .append(Arrays.toString(values).replaceAll("[\\[\\]]", ""))
                    .append('\n');
        }
        BaseModelManifest model = TestModels.tensor(folder, TestModels.policy(1), "hidden", Pooling.NONE, 4);

        Path exported = adapt(model, "tensor-classification", "", data(lines, ".tsv"));

        JsonNode input =
                JSON.readTree(exported.resolve("preprocessing.json").toFile()).get("input");
        assertThat(input.get("shape")).hasToString("[4]");
        assertThat(input.get("zeros")).hasToString("[\"state\"]");
        float[] numbers = {0.5f, -1, 0.25f, 2};
        float[] logits = run(exported, Map.of(input.get("name").asText(), new Shaped(numbers, 1, 4)));
        requireSame(exported, new Payload.Tensor(List.of(4), numbers), logits);
        requireScript(exported, "0.5, -1 0.25 2", logits);
    }

    @Test
    void shouldExplainAModelOfSounds() throws Exception {
        Path data = folder.resolve("sounds");
        SplittableRandom random = new SplittableRandom(4);
        for (String name : List.of("low", "high")) {
            Path of = Files.createDirectories(data.resolve(name));
            for (int i = 0; i < 30; i++) {
                double hertz = (name.equals("low") ? 300 : 2200) * random.nextDouble(0.8, 1.25);
                Files.write(of.resolve(i + ".wav"), TestSounds.wav(TestSounds.tone(hertz, 8000, 900, 0.5), 8000));
            }
        }
        BaseModelManifest model = TestModels.audio(folder, 0.1, WindowPooling.MEAN);

        Path exported = adapt(model, "audio-classification", "", data);

        JsonNode input =
                JSON.readTree(exported.resolve("preprocessing.json").toFile()).get("input");
        float[] sound = TestSounds.tone(700, 8000, 800, 0.5);
        int size = input.get("windows").get("size").asInt();
        float[] frames = PlainLogMel.frames(input, sound, size);
        float[] logits = run(
                exported,
                Map.of(
                        input.get("name").asText(),
                        new Shaped(frames, 1, size, input.get("bins").asInt())));
        requireSame(exported, new Payload.Waveform(TestSounds.wav(sound, 8000), 0), logits);
        Path probe = Files.write(folder.resolve("probe.wav"), TestSounds.wav(sound, 8000));
        requireScript(exported, probe.toString(), logits);
    }

    @Test
    void shouldRefuseToExportWhereItCannotWriteBeforeItLearns() throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("full")).resolve("a.txt"), "mine");
        BaseModelManifest model = TestModels.text(folder);
        Path train = data(new StringBuilder("good\ta delight\n"), ".tsv");

        assertThat(run(arguments(model, "text-classification", "", train, folder.resolve("full"))))
                .contains("new or an empty folder", "full");
        assertThat(run(arguments(model, "text-classification", "", train, folder.resolve("model.pt"))))
                .contains("--export", "model.pt");
        assertThat(run(arguments(model, "text-classification", "", train, folder.resolve("none/model.onnx"))))
                .contains("existing folder", "none");
    }

    /** Values of a tensor. */
    private record Shaped(float[] values, long... shape) {}

    private Path data(CharSequence lines, String ending) throws IOException {
        return Files.writeString(folder.resolve("data" + ending), lines);
    }

    private static Path photo(Path file, Color colour, int side) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, i % 3 == 0 ? colour.darker().getRGB() : colour.getRGB());
        }
        Files.createDirectories(requireNonNull(file.getParent()));
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private String[] arguments(BaseModelManifest model, String task, String keys, Path data, Path export)
            throws IOException {
        Files.writeString(folder.resolve("base.yaml"), BaseModelFile.write(model, folder, Map.of()));
        Path config = Files.writeString(
                folder.resolve("a.yaml"), "name: mine\ntask: %s\nbase: ./base.yaml\n%s\n".formatted(task, keys));
        return new String[] {
            "adapt",
            "--config",
            config.toString(),
            "--train",
            data.toString(),
            "--test",
            data.toString(),
            "--out",
            folder.resolve("out").toString(),
            "--export",
            export.toString(),
            "--json"
        };
    }

    /** Adapts a model, and returns the exported folder. */
    private Path adapt(BaseModelManifest model, String task, String keys, Path data) throws IOException {
        Path export = folder.resolve("export");
        assertThat(run(arguments(model, task, keys, data, export))).isEmpty();
        return export;
    }

    /** Runs a command, and returns what it says to be wrong; empty if it succeeds. */
    private static String run(String... arguments) {
        PrintStream before = System.out;
        StringWriter errors = new StringWriter();
        System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        try {
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .setErr(new PrintWriter(errors, true))
                    .execute(arguments);
            return code == 0 ? "" : errors.toString();
        } finally {
            System.setOut(before);
        }
    }

    private static List<String> names(Path exported) throws IOException {
        try (Stream<Path> files = Files.list(exported)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Runs the exported model with plain ONNX Runtime, and returns its logits. */
    private static float[] run(Path exported, Map<String, Object> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (OrtSession session =
                environment.createSession(exported.resolve("model.onnx").toString())) {
            for (Map.Entry<String, Object> input : inputs.entrySet()) {
                tensors.put(
                        input.getKey(),
                        input.getValue() instanceof long[] ids
                                ? OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, ids.length})
                                : OnnxTensor.createTensor(
                                        environment,
                                        FloatBuffer.wrap(((Shaped) input.getValue()).values()),
                                        ((Shaped) input.getValue()).shape()));
            }
            assertThat(session.getInputNames()).isEqualTo(tensors.keySet());
            try (OrtSession.Result result = session.run(tensors)) {
                FloatBuffer logits = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
                float[] values = new float[logits.remaining()];
                logits.get(values);
                return values;
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    /** Compares logits with those of the champion in Headwater. */
    private void requireSame(Path exported, Payload payload, float[] logits) throws Exception {
        AdaptationConfig config = AdaptationFile.read(folder.resolve("a.yaml"));
        BaseModelManifest manifest = BaseModelFile.resolve(config.base());
        try (OrtSession session = OrtEnvironment.getEnvironment()
                        .createSession(exported.resolve("model.onnx").toString());
                Task task = Tasks.of(config, manifest);
                DividedModel model = BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                        .divide(config, task.goal().output());
                PublishedHead champion = PublishedHead.open(
                        HeadArtifact.fromBytes(artifact(requireNonNull(
                                session.getMetadata().getCustomMetadata().get("headwater.artifact")))),
                        model.heads())) {
            Featurizer featurizer = new Featurizer(task, model.backbone(), new FeatureCache(0));
            PayloadView view = ok(featurizer.view(payload));
            float[] features = ok(featurizer.features(List.of(view)).get(0));

            float[] expected = champion.logits(new float[][] {features})[0];

            assertThat(JSON.readTree(exported.resolve("labels.json").toFile()))
                    .hasToString(JSON.writeValueAsString(champion.names()));
            assertThat(logits).hasSameSizeAs(expected);
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                // Sound files have 16 bits.
                assertThat(logits[i]).isCloseTo(expected[i], within(1e-3f * Math.max(1, Math.abs(expected[i]))));
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            assertThat(largest).as("something was learned").isGreaterThan(0.05);
        }
    }

    /**
     * Requires that the folder's own script predicts what the logits say, if {@code HEADWATER_PYTHON} names a Python with the
     * libraries that the script needs; the machines of the build have none.
     */
    private static void requireScript(Path exported, String argument, float[] logits) throws Exception {
        String python = System.getenv("HEADWATER_PYTHON");
        if (python == null) {
            return;
        }
        Process script = new ProcessBuilder(
                        python, exported.resolve("predict.py").toString(), argument)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        JsonNode said = JSON.readTree(script.getInputStream().readAllBytes());
        assertThat(script.waitFor()).isZero();
        if (said.has("label")) {
            List<String> names =
                    List.of(JSON.readValue(exported.resolve("labels.json").toFile(), String[].class));
            for (int i = 0; i < logits.length; i++) {
                double odds = 0;
                for (float other : logits) {
                    odds += Math.exp(other - logits[i]);
                }
                assertThat(said.get("probabilities").get(names.get(i)).asDouble())
                        .isCloseTo(1 / odds, within(1e-3));
            }
        }
    }

    private static <T> T ok(Outcome<T> outcome) {
        return ((Outcome.Ok<T>) outcome).value();
    }

    private byte[] artifact(String digest) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("out/artifacts"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Digest.of(Files.readAllBytes(file)).toString().equals(digest)) {
                    found.add(file);
                }
            }
        }
        return Files.readAllBytes(found.get(0));
    }
}
