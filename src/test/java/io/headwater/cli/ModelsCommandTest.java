package io.headwater.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.TestModels;
import io.headwater.engine.graph.TestGraphModels;
import io.headwater.engine.weights.ModelFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** With a small policy of two layers, 4 observations and 2 scores. */
class ModelsCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();
    private Path file;
    private String models;

    @BeforeEach
    void write() throws Exception {
        file = Files.write(
                folder.resolve("my policy.onnx"), TestModels.policy(1).toByteArray());
        models = folder.resolve("models").toString();
    }

    @Test
    void shouldListCutsWithShapesAndParametersAbove() throws Exception {
        JsonNode model = json("models", "inspect", file.toString(), "--json");

        assertThat(model.fieldNames())
                .toIterable()
                .contains("format", "family", "opset", "inputs", "outputs", "parameters", "cuts", "operators");
        assertThat(model.get("format").asText()).isEqualTo("onnx");
        assertThat(model.get("family").asText()).isEqualTo("mlp");
        assertThat(model.get("opset").asInt()).isEqualTo(13);
        assertThat(model.get("parameters").asInt()).isEqualTo(18);
        assertThat(model.get("inputs").findValuesAsText("name")).containsExactly("observation", "state");
        assertThat(model.get("inputs").findValuesAsText("role")).containsExactly("tensor", "zeros");
        assertThat(model.get("outputs").findValuesAsText("name")).containsExactly("scores", "carried");
        assertThat(model.get("cuts").findValuesAsText("name")).containsExactly("mixed", "hidden", "scores");
        assertThat(model.get("cuts").findValues("parametersAbove"))
                .extracting(JsonNode::asInt)
                .containsExactly(6, 6, 0);
        assertThat(model.get("cuts").get(1).get("shape").toString()).isEqualTo("[1,3]");
        assertThat(model.get("feature").asText()).isEqualTo("hidden");
    }

    private static List<String> withBuiltIn(String added) {
        return Stream.concat(BaseModelFile.BUILT_IN.stream(), Stream.of(added)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"minilm-int8", "e5-small-int8"})
    void shouldHaveEncodersOfIntegersBuiltIn(String name) throws Exception {
        JsonNode verified =
                json("models", "verify", name, "--models", models, "--json").get("models");

        assertThat(verified.get(0).get("features").asInt()).isEqualTo(384);
    }

    @Test
    void shouldReadWhatAnExporterWritesBesideAModel() throws Exception {
        // Given a folder as Hugging Face's exporters write it
        Path hub = Files.createDirectories(folder.resolve("my-encoder"));
        BaseModelManifest bert = TestModels.text(folder);
        Files.copy(Path.of(bert.model().location()), hub.resolve("model.onnx"));
        Files.write(
                hub.resolve("tokenizer.json"),
                ModelFiles.read(((TextInput) bert.input()).tokenizer(), Integer.MAX_VALUE));
        Files.writeString(hub.resolve("tokenizer_config.json"), "{\"model_max_length\": 12}");
        Files.createDirectories(hub.resolve("1_Pooling"));
        Files.writeString(
                hub.resolve("1_Pooling/config.json"),
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
        Files.writeString(hub.resolve("modules.json"), "[{\"type\": \"sentence_transformers.models.Normalize\"}]");

        // When
        JsonNode result = json(
                "models", "add", hub.toString(), "--name", "encoder", "--licence", "MIT", "--models", models, "--json");

        // Then nothing is left to correct
        assertThat(result.get("correct")).isEmpty();
        BaseModelManifest added = BaseModelFile.read(Path.of(models, "encoder", "manifest.yaml"));
        assertThat(((TextInput) added.input()).maxTokens()).isEqualTo(12);
        assertThat(added.pooling()).isEqualTo(Pooling.FIRST);
        assertThat(added.normalise()).isTrue();

        // And of a decoder the last token is read, which alone has seen the whole text
        Files.delete(hub.resolve("1_Pooling/config.json"));
        Files.writeString(hub.resolve("config.json"), "{\"architectures\": [\"AnyForCausalLM\"]}");
        json("models", "add", hub.toString(), "--name", "decoder", "--licence", "MIT", "--models", models, "--json");
        assertThat(BaseModelFile.read(Path.of(models, "decoder", "manifest.yaml"))
                        .pooling())
                .isEqualTo(Pooling.LAST);

        // And a draft is called like the folder
        Path draft = folder.resolve("draft.yaml");
        run(0, "models", "inspect", hub.toString(), "--manifest", draft.toString());
        assertThat(BaseModelFile.read(draft).name()).isEqualTo("my-encoder");

        // And of several models one must be named
        Files.copy(hub.resolve("model.onnx"), hub.resolve("a.onnx"));
        Files.move(hub.resolve("model.onnx"), hub.resolve("b.onnx"));
        run(1, "models", "add", hub.toString(), "--name", "other", "--models", models);
        assertThat(err.toString()).contains("must contain model.onnx or a single .onnx file, but contains 2 of them");
    }

    @Test
    void shouldPrintTheSameForPeople() {
        assertThat(run(0, "models", "inspect", file.toString()))
                .contains("family mlp", "observation float [1, 4]: tensor", "MatMul 2", "features     hidden")
                .contains("33.33 %  hidden [1, 3]");
    }

    @Test
    void shouldInspectABaseModelByItsName() throws Exception {
        Path manifest = folder.resolve("minilm.yaml");

        JsonNode model = json("models", "inspect", "minilm", "--models", models, "--json");

        assertThat(model.get("format").asText()).isEqualTo("onnx");
        assertThat(model.get("cuts").findValuesAsText("name")).contains("output_0");
        assertThat(run(0, "models", "inspect", "minilm", "--manifest", manifest.toString()))
                .contains("base model   minilm, Apache-2.0", "its cut      output_0, pooling mean");
        assertThat(BaseModelFile.read(manifest)).isEqualTo(BaseModelFile.builtIn("minilm"));

        run(0, "models", "add", file.toString(), "--name", "policy", "--models", models);
        assertThat(run(0, "models", "inspect", "policy", "--models", models)).contains("its cut      hidden");

        run(1, "models", "inspect", "nothing", "--models", models);
        assertThat(err.toString()).contains("file or base model 'nothing' does not exist", "models list");
    }

    @Test
    void shouldDraftAManifestThatCanBeUsed() throws Exception {
        Path draft = folder.resolve("policy.yaml");

        run(0, "models", "inspect", file.toString(), "--manifest", draft.toString());

        BaseModelManifest manifest = BaseModelFile.read(draft);
        assertThat(manifest.name()).isEqualTo("my-policy");
        assertThat(manifest.input()).isEqualTo(new TensorInput("observation", List.of(4), List.of("state")));
        assertThat(manifest.cut()).isEqualTo("hidden");
        assertThat(manifest.pooling()).isEqualTo(Pooling.NONE);
        assertThat(manifest.model().digest()).isEqualTo(Digest.of(Files.readAllBytes(file)));
        assertThat(Files.readString(draft)).contains("# correct this", "location: \"my policy.onnx\"");

        // And an existing file is never overwritten
        run(1, "models", "inspect", file.toString(), "--manifest", draft.toString());
        assertThat(err.toString()).contains("must name a new file");
    }

    @Test
    void shouldKeepAModelUnderAName() throws Exception {
        JsonNode added = json(
                "models", "add", file.toString(), "--name", "policy", "--licence", "MIT", "--models", models, "--json");
        Files.delete(file);

        assertThat(added.get("added").get("features").asInt()).isEqualTo(3);
        assertThat(added.get("manifest").asText())
                .isEqualTo(Path.of(models, "policy", "manifest.yaml").toString());
        JsonNode listed = json("models", "list", "--models", models, "--json").get("models");
        assertThat(listed.findValuesAsText("name")).containsExactlyElementsOf(withBuiltIn("policy"));
        assertThat(listed.get(listed.size() - 1).get("licence").asText()).isEqualTo("MIT");
        JsonNode verified =
                json("models", "verify", "policy", "--models", models, "--json").get("models");
        assertThat(verified.get(0).get("digest")).isEqualTo(added.get("added").get("digest"));
        assertThat(BaseModelFile.read(Path.of(models, "policy", "manifest.yaml"))
                        .name())
                .isEqualTo("policy");
        assertThat(names(Path.of(models))).containsExactly("policy");
    }

    @Test
    void shouldKeepAModelAsItsManifestSays() throws Exception {
        Path manifest = folder.resolve("policy.yaml");
        run(0, "models", "inspect", file.toString(), "--manifest", manifest.toString());
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replace("cut: hidden", "cut: mixed")
                        .replace("# labels: []", "labels: [left, right]"));

        run(0, "models", "add", file.toString(), "--name", "p", "--manifest", manifest.toString(), "--models", models);

        assertThat(BaseModelFile.read(Path.of(models, "p", "manifest.yaml")).cut())
                .isEqualTo("mixed");
        assertThat(BaseModelFile.read(Path.of(models, "p", "manifest.yaml")).labels())
                .containsExactly("left", "right");
    }

    @Test
    void shouldFindADamagedModel() throws Exception {
        run(0, "models", "add", file.toString(), "--name", "policy", "--models", models);
        Path copy = Path.of(models, "policy", "my policy.onnx");
        byte[] bytes = Files.readAllBytes(copy);
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy, bytes);

        assertThat(run(1, "models", "verify", "policy", "--models", models)).contains("fault:", "must have digest");
    }

    @Test
    void shouldListTheOthersBesideOneThatCannotBeRead() throws Exception {
        run(0, "models", "add", file.toString(), "--name", "policy", "--models", models);
        Files.writeString(Files.createDirectories(Path.of(models, "broken")).resolve("manifest.yaml"), "name: [broken");

        JsonNode listed = JSON.readTree(run(1, "models", "list", "--models", models, "--json"));

        assertThat(listed.get("models").findValuesAsText("name")).containsExactlyElementsOf(withBuiltIn("policy"));
        assertThat(listed.get("faults").findValuesAsText("name")).containsExactly("broken");
        assertThat(listed.get("faults").get(0).get("fault").asText()).contains("broken/manifest.yaml");
        assertThat(run(1, "models", "list", "--models", models))
                .contains("policy")
                .doesNotContain("broken");
    }

    @Test
    void shouldKeepAConvertedModelAsItsManifestSays() throws Exception {
        // Given a Deeplearning4j zip and its manifest
        Path zip = Files.write(folder.resolve("net.zip"), TestGraphModels.policyZip());
        JsonNode model = json("models", "inspect", zip.toString(), "--json");
        Path manifest = Files.writeString(folder.resolve("net.yaml"), """
                name: net
                licence: MIT
                model: {location: net.zip, digest: "%s"}
                input: {type: tensor, name: "%s", shape: [4]}
                cut: below
                """.formatted(
                        Digest.of(Files.readAllBytes(zip)),
                        model.get("inputs").get(0).get("name").asText()));

        // When
        run(0, "models", "add", zip.toString(), "--name", "n", "--manifest", manifest.toString(), "--models", models);

        // Then
        BaseModelManifest added = BaseModelFile.read(Path.of(models, "n", "manifest.yaml"));
        assertThat(added.cut()).isEqualTo("below");
        assertThat(added.licence()).isEqualTo("MIT");
        assertThat(added.model().location()).endsWith("net.safetensors");
        assertThat(names(Path.of(models, "n"))).containsExactlyInAnyOrder("manifest.yaml", "net.safetensors");

        // And another file than the manifest's is refused
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("sha256:....", "sha256:0000"));
        run(1, "models", "add", zip.toString(), "--name", "o", "--manifest", manifest.toString(), "--models", models);
        assertThat(err.toString()).contains("net.zip' must have digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"minilm", "../up", ".hidden", "a b", "taken"})
    void shouldRefuseANameThatCannotBeUsed(String name) {
        run(0, "models", "add", file.toString(), "--name", "taken", "--models", models);

        run(1, "models", "add", file.toString(), "--name", name, "--models", models);

        assertThat(err.toString()).contains("'" + name + "'");
        assertThat(names(Path.of(models))).containsExactly("taken");
    }

    @Test
    void shouldLeaveNothingOfAModelThatCannotBeUsed() throws Exception {
        // Given a manifest with a cut that does not exist
        Path manifest = folder.resolve("policy.yaml");
        run(0, "models", "inspect", file.toString(), "--manifest", manifest.toString());
        Files.writeString(manifest, Files.readString(manifest).replace("cut: hidden", "cut: hiden"));

        run(1, "models", "add", file.toString(), "--name", "p", "--manifest", manifest.toString(), "--models", models);

        assertThat(err.toString()).contains("nearest names are [hidden");
        assertThat(names(Path.of(models))).isEmpty();
    }

    @Test
    void shouldSayWhyAFileCannotBeUsed() throws Exception {
        Path keras =
                Files.write(folder.resolve("m.h5"), new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0});
        Path zip = Files.write(folder.resolve("m.zip"), new byte[] {'P', 'K', 3, 4, 0});
        Path text = Files.writeString(folder.resolve("m.txt"), "no model");
        Path cutOff = Files.write(folder.resolve("c.onnx"), Arrays.copyOf(Files.readAllBytes(file), 100));

        for (Path path : List.of(keras, zip, text, cutOff, folder.resolve("none.onnx"))) {
            run(1, "models", "inspect", path.toString());
        }

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("m.h5' cannot be converted: the file is damaged"),
                        line -> assertThat(line).contains("m.zip' cannot be converted: "),
                        line -> assertThat(line).contains("no format that is known"),
                        line -> assertThat(line).contains("headwater: "),
                        line -> assertThat(line).contains("does not exist"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "add", "list", "verify"})
    void shouldExplainEachOfItsCommands(String name) {
        CommandLine models = requireNonNull(commandLine().getSubcommands().get("models"));
        CommandLine command = requireNonNull(models.getSubcommands().get(name));

        String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);

        assertThat(help).startsWith("Usage: headwater models " + name).contains("--json", "--help");
        for (OptionSpec option : command.getCommandSpec().options()) {
            assertThat(String.join(" ", option.description()))
                    .as(option.longestName())
                    .isNotBlank();
        }
    }

    private JsonNode json(String... args) throws Exception {
        return JSON.readTree(run(0, args));
    }

    private String run(int expected, String... args) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(commandLine().setErr(new PrintWriter(err, true)).execute(args))
                    .as(err.toString())
                    .isEqualTo(expected);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static CommandLine commandLine() {
        return HeadwaterMain.commandLine(CommandLine.defaultFactory());
    }

    private static List<String> names(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
