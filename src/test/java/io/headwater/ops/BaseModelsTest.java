package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.ModelsFolder;
import io.headwater.config.Stage;
import io.headwater.config.TextInput;
import io.headwater.domain.Digest;
import io.headwater.engine.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseModelsTest {

    @Test
    void shouldCopyTheFrontEndOfAModelOfSound(@TempDir Path folder) throws Exception {
        // Given
        Path files = Files.createDirectories(folder.resolve("files"));
        Stage stage = new Stage(new FrameForm(2, Axes.FRAMES_BINS, 1, 0), TestModels.frontEnd(files), "sound", "mel");
        AudioInput input = new AudioInput(
                "window",
                8000,
                Amplitude.UNIT,
                1,
                ClipPadding.ZEROS,
                stage,
                new ClipWindows(3, 1, WindowPooling.MEAN_MAX));
        BaseModelManifest manifest = new BaseModelManifest(
                "speech", "none", TestModels.identity(files, 3, 2), input, "same", Pooling.NONE, false);
        BaseModels models = new BaseModels(new ModelsFolder(folder.resolve("models")));

        // When
        BaseModels.Verified added = models.add(manifest, Map.of());

        // Then
        assertThat(added.features()).isEqualTo(12);
        Path home = folder.resolve("models/speech");
        AudioInput copied =
                (AudioInput) BaseModelFile.read(home.resolve("manifest.yaml")).input();
        assertThat(((Stage) copied.reads()).file().location()).startsWith(home.toString());
        assertThat(models.list().models())
                .filteredOn(entry -> entry.name().equals("speech"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.input()).isEqualTo("audio"));
        assertThat(models.verify("speech")).singleElement().isEqualTo(added);
    }

    @Test
    void shouldNameTheGivenFileWhereItsDigestIsWrong(@TempDir Path folder) throws Exception {
        BaseModelManifest manifest = text(folder, 30_522, 64);
        ModelFile wrong = new ModelFile(manifest.model().location(), Digest.of(new byte[] {1}));

        assertThatThrownBy(() -> new BaseModels(new ModelsFolder(folder.resolve("models")))
                        .add(manifest.withFiles(wrong, List.of()), Map.of()))
                .hasMessageContaining("model file '" + wrong.location() + "' must have digest " + wrong.digest())
                .hasMessageContaining("but has " + manifest.model().digest());
        assertThat(folder.resolve("models/text")).doesNotExist();
    }

    @Test
    void shouldNameALengthThatTheModelReadsWhereTheLongestTextIsTooLong(@TempDir Path folder) {
        BaseModelManifest manifest = text(folder, 30_522, 20);

        assertThatThrownBy(() -> new BaseModels(new ModelsFolder(folder.resolve("models"))).add(manifest, Map.of()))
                .hasMessageContaining("input.max-tokens must be a number of tokens that the model can read, such as 16")
                .hasMessageContaining("but is 64");
        assertThat(folder.resolve("models/text")).doesNotExist();
    }

    @Test
    void shouldRefuseATokenizerWithMoreTokensThanTheModelHasRowsFor(@TempDir Path folder) {
        BaseModelManifest manifest = text(folder, 30_000, 64);

        assertThatThrownBy(() -> new BaseModels(new ModelsFolder(folder.resolve("models"))).add(manifest, Map.of()))
                .hasMessageContaining("whose largest id is 30521")
                .hasMessageContaining("give the tokenizer that the model was trained with");
    }

    @Test
    void shouldTakeAModelThatReadsTheLongestTextOfTheLargestTokens(@TempDir Path folder) throws Exception {
        BaseModelManifest manifest = text(folder, 30_522, 64);

        assertThat(new BaseModels(new ModelsFolder(folder.resolve("models")))
                        .add(manifest, Map.of())
                        .features())
                .isEqualTo(2);
    }

    /** Returns the manifest of a model that adds embeddings of tokens and of their places, for texts of 64 tokens. */
    private static BaseModelManifest text(Path folder, int words, int places) {
        GraphProto graph = GraphProto.newBuilder()
                .setName("text")
                .addInput(TestModels.value("input_ids", TestModels.LONG, 0, -1))
                .addInput(TestModels.value("positions", TestModels.LONG, 0, -1))
                .addInitializer(TestModels.weight("words", TestModels.FLOAT, TestModels.ramp(2 * words), words, 2))
                .addInitializer(TestModels.weight("places", TestModels.FLOAT, TestModels.ramp(2 * places), places, 2))
                .addNode(TestModels.node("Gather", "embedded", "words", "input_ids"))
                .addNode(TestModels.node("Gather", "placed", "places", "positions"))
                .addNode(TestModels.node("Add", "states", "embedded", "placed"))
                .addOutput(TestModels.value("states", TestModels.FLOAT, 0, -1, 2))
                .build();
        TextInput of = TestModels.miniLmInput(64);
        TextInput input = new TextInput(of.tokenizer(), 64, "input_ids", "", "", "positions", List.of());
        return new BaseModelManifest(
                "text",
                "none",
                TestModels.write(folder, TestModels.model(graph).toByteArray()),
                input,
                "states",
                Pooling.MEAN,
                false);
    }
}
