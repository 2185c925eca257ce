package io.headwater.standalone.data;

import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import java.util.Locale;

/** What a base model reads, and so what a table of data holds beside its labels. */
public enum Reads {
    /** One text or a pair. */
    TEXT,
    /** Numbers in row-major order. */
    NUMBERS,
    /** The path of an image or a sound, relative to the folder of the table. */
    IMAGE;

    /** What {@code task} reads where nothing else is said. */
    public static Reads of(TaskKind task) {
        return switch (task) {
            case TENSOR_CLASSIFICATION, REINFORCEMENT_LEARNING -> NUMBERS;
            case IMAGE_CLASSIFICATION, AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION -> IMAGE;
            default -> TEXT;
        };
    }

    /** What {@code base} reads. */
    public static Reads of(BaseModelManifest base) {
        if (base.input() instanceof TensorInput) {
            return NUMBERS;
        }
        return base.input() instanceof ImageInput || base.input() instanceof AudioInput ? IMAGE : TEXT;
    }

    /** The name of its column in a table, unless another is given. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
