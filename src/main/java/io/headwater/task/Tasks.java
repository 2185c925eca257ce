package io.headwater.task;

import io.headwater.config.AdaptationConfig;
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
        return new Task(preparation(adaptation, base), goal(adaptation));
    }

    private static Goal goal(AdaptationConfig adaptation) {
        return switch (adaptation.task()) {
            case TEXT_CLASSIFICATION, IMAGE_CLASSIFICATION, TENSOR_CLASSIFICATION ->
                new ClassGoal(adaptation.labels(), adaptation.training().labelSmoothing());
        };
    }

    private static Preparation preparation(AdaptationConfig adaptation, BaseModelManifest base) {
        return switch (adaptation.task()) {
            case TEXT_CLASSIFICATION -> {
                if (!(base.input() instanceof TextInput text)) {
                    throw mismatch(adaptation, base, "text");
                }
                yield new TextPreparation(Tokenizer.open(text), adaptation.limits());
            }
            case IMAGE_CLASSIFICATION -> {
                if (!(base.input() instanceof ImageInput image)) {
                    throw mismatch(adaptation, base, "images");
                }
                yield new ImagePreparation(image, adaptation.limits());
            }
            case TENSOR_CLASSIFICATION -> {
                if (!(base.input() instanceof TensorInput tensor)) {
                    throw mismatch(adaptation, base, "tensors");
                }
                yield new TensorPreparation(tensor);
            }
        };
    }

    private static IllegalArgumentException mismatch(AdaptationConfig adaptation, BaseModelManifest base, String kind) {
        return new IllegalArgumentException("task '" + adaptation.task().key() + "' of adaptation '" + adaptation.name()
                + "' needs a base model that reads " + kind + ", but '" + base.name()
                + "' does not; choose another base or task");
    }
}
