package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.domain.Digest;
import io.headwater.engine.family.FamilyModel;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is pretrained.
 *
 * @param model with its first weights
 * @param curriculum that it learns
 * @param answers that its output layer gives for a position, or for a sample, one after another: 1, or 2 for the tokens
 *     before and after it
 * @param outputs numbers of which each answer is the largest
 * @param everyPosition whether it says something of every token
 * @param sizes everything about the model that what comes out depends on, by the names of options
 * @param data digest of what it learns from
 * @param faults a line for each row or file that cannot be used
 * @param tokenizer of a language model; null for any other
 * @param description makes its manifest
 */
public record Subject(
        FamilyModel model,
        Curriculum curriculum,
        int answers,
        int outputs,
        boolean everyPosition,
        SortedMap<String, String> sizes,
        Digest data,
        List<String> faults,
        byte @Nullable [] tokenizer,
        Description description) {
    public Subject {
        faults = List.copyOf(faults);
    }

    /** How many samples there are. */
    public int samples() {
        return curriculum.samples();
    }

    /** Makes manifests. */
    @FunctionalInterface
    public interface Description {
        /**
         * The manifest of a model of this kind.
         *
         * @param file the model's
         * @param tokenizer file of a language model; {@code file} for any other
         */
        BaseModelManifest of(String name, String licence, ModelFile file, ModelFile tokenizer);
    }
}
