package io.headwater.standalone;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.TensorInput;
import io.headwater.config.TaskKind;
import java.util.Locale;

/** What a base model reads, and so what a table of data holds beside its labels. */
public enum Reads {
    /** One text or a pair. */
    TEXT,
    /** Numbers in row-major order. */
    NUMBERS,
    /** The path of an image, relative to the folder of the table. */
    IMAGE;

    /** What {@code task} reads where nothing else is said. */
    public static Reads of(TaskKind task) {
        return task == TaskKind.TENSOR_CLASSIFICATION ? NUMBERS : task == TaskKind.IMAGE_CLASSIFICATION ? IMAGE : TEXT;
    }

    /** What {@code base} reads. */
    public static Reads of(BaseModelManifest base) {
        return base.input() instanceof TensorInput ? NUMBERS : base.input() instanceof ImageInput ? IMAGE : TEXT;
    }

    /** The name of its column in a table, unless another is given. */
    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
