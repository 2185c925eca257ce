package io.headwater.standalone.data;

import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ImageInput;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import java.util.Locale;

/** The kind of input that a base model reads, and so the content of the input column of a data table. */
public enum Reads {
    /** One text or a pair of texts. */
    TEXT,
    /** Numbers in row-major order. */
    NUMBERS,
    /** The path of an image or a sound, relative to the folder of the table. */
    IMAGE;

    /** Returns the default kind of input of {@code task}. */
    public static Reads of(TaskKind task) {
        return switch (task) {
            case TENSOR_CLASSIFICATION, REINFORCEMENT_LEARNING -> NUMBERS;
            case IMAGE_CLASSIFICATION, AUDIO_CLASSIFICATION, AUTOMATIC_SPEECH_RECOGNITION -> IMAGE;
            default -> TEXT;
        };
    }

    /** Returns the kind of input that {@code base} reads. */
    public static Reads of(BaseModelManifest base) {
        if (base.input() instanceof TensorInput) {
            return NUMBERS;
        }
        return base.input() instanceof ImageInput || base.input() instanceof AudioInput ? IMAGE : TEXT;
    }

    /** Returns the default name of the input column of a table. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
