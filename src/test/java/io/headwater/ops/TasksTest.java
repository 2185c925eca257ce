package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ClipWindows.WindowPooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.TestModels;
import io.headwater.task.Task;
import io.headwater.task.TensorPreparation;
import io.headwater.task.image.ImagePreparation;
import io.headwater.task.sound.AudioPreparation;
import io.headwater.task.text.TextPreparation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TasksTest {
    private static final AdaptationConfig TEXT = AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "base");
    private static final AdaptationConfig IMAGE = AdaptationConfig.of("mine", TaskKind.IMAGE_CLASSIFICATION, "base");
    private static final AdaptationConfig AUDIO = AdaptationConfig.of("mine", TaskKind.AUDIO_CLASSIFICATION, "base");

    @Test
    void shouldMakeTheTaskOfTheAdaptation(@TempDir Path folder) {
        try (Task text = Tasks.of(TEXT, TestModels.miniLm())) {
            assertThat(text.preparation()).isInstanceOf(TextPreparation.class);
        }
        assertThat(Tasks.of(IMAGE, image(folder)).preparation()).isInstanceOf(ImagePreparation.class);
        assertThat(Tasks.of(
                                AdaptationConfig.of("mine", TaskKind.TENSOR_CLASSIFICATION, "base"),
                                TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4))
                        .preparation())
                .isInstanceOf(TensorPreparation.class);
        assertThat(Tasks.of(AUDIO, TestModels.audio(folder, 1, WindowPooling.MEAN))
                        .preparation())
                .isInstanceOf(AudioPreparation.class);
    }

    @Test
    void shouldRejectABaseModelThatReadsSomethingElse(@TempDir Path folder) {
        assertThatThrownBy(() -> Tasks.of(IMAGE, TestModels.miniLm()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'image-classification'")
                .hasMessageContaining("'minilm'")
                .hasMessageContaining("images");
        assertThatThrownBy(() -> Tasks.of(AUDIO, TestModels.miniLm()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("audio");
        assertThatThrownBy(() -> Tasks.of(TEXT, image(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text");
    }

    private static BaseModelManifest image(Path folder) {
        return TestModels.image(folder, TestModels.convNet(TestModels.FLOAT), "map", Pooling.MEAN);
    }
}
