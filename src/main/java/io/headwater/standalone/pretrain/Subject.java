package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.domain.Digest;
import io.headwater.engine.family.FamilyModel;
import io.headwater.standalone.data.Faults;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A model to be pretrained and the data it is trained on.
 *
 * @param model the model with its initial weights
 * @param curriculum the training samples
 * @param answers number of predictions that the output layer makes per position (or per sample): 1, or 2 for the next
 *     and the previous token
 * @param outputs number of logits per prediction; the largest one is the predicted class
 * @param everyPosition whether the model makes predictions for every token
 * @param sizes all options of the model that influence the result, by option name
 * @param data digest of the training data
 * @param faults why rows or files cannot be used
 * @param tokenizer tokenizer file of a language model; null for any other model
 * @param description creates the manifest
 */
public record Subject(
        FamilyModel model,
        Curriculum curriculum,
        int answers,
        int outputs,
        boolean everyPosition,
        SortedMap<String, String> sizes,
        Digest data,
        Faults faults,
        byte @Nullable [] tokenizer,
        Description description) {
    /** Returns the number of samples. */
    public int samples() {
        return curriculum.samples();
    }

    /** Creates manifests. */
    @FunctionalInterface
    public interface Description {
        /**
         * Creates the manifest of the model.
         *
         * @param file the model file
         * @param tokenizer tokenizer file of a language model; equal to {@code file} for any other model
         */
        BaseModelManifest of(String name, String licence, ModelFile file, ModelFile tokenizer);
    }
}
