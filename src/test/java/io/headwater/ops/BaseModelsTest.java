package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AudioInput;
import io.headwater.config.AudioInput.Amplitude;
import io.headwater.config.AudioInput.ClipPadding;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.FrameForm;
import io.headwater.config.FrameForm.Axes;
import io.headwater.config.ModelsFolder;
import io.headwater.config.Stage;
import io.headwater.engine.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
}
