package io.headwater.task;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AudioInput;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ImageInput;
import io.headwater.config.BaseModelManifest.TensorInput;
import io.headwater.config.BaseModelManifest.TextInput;

/** Makes the task of an adaptation. */
public final class Tasks {
    private Tasks() {}

    /**
     * The task that {@code adaptation} names, with the preprocessing of {@code base}.
     *
     * @throws IllegalArgumentException when the base model does not read what the task is about
     * @throws io.headwater.domain.ArtifactException when the tokenizer's file is missing or not what its digest says
     */
    public static Task of(AdaptationConfig adaptation, BaseModelManifest base) {
        return switch (adaptation.task()) {
            case TEXT_CLASSIFICATION -> {
                if (!(base.input() instanceof TextInput text)) {
                    throw mismatch(adaptation, base, "text");
                }
                yield new TextClassification(Tokenizer.open(text), adaptation.labels(), adaptation.limits());
            }
            case IMAGE_CLASSIFICATION -> {
                if (!(base.input() instanceof ImageInput image)) {
                    throw mismatch(adaptation, base, "images");
                }
                yield new ImageClassification(image, adaptation.labels(), adaptation.limits());
            }
            case TENSOR_CLASSIFICATION -> {
                if (!(base.input() instanceof TensorInput tensor)) {
                    throw mismatch(adaptation, base, "tensors");
                }
                yield new TensorClassification(tensor, adaptation.labels());
            }
            case AUDIO_CLASSIFICATION -> {
                if (!(base.input() instanceof AudioInput audio)) {
                    throw mismatch(adaptation, base, "audio");
                }
                yield new AudioClassification(audio, adaptation.labels(), adaptation.limits());
            }
        };
    }

    private static IllegalArgumentException mismatch(AdaptationConfig adaptation, BaseModelManifest base, String kind) {
        return new IllegalArgumentException("task '" + adaptation.task().key() + "' of adaptation '" + adaptation.name()
                + "' needs a base model that reads " + kind + ", but '" + base.name()
                + "' does not; choose another base or task");
    }
}
