package io.headwater.engine.inspect;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.BackboneException;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import java.util.List;
import java.util.function.Function;
import onnx.Onnx.ModelProto;

/**
 * Finds, by running the model, which of the likely tensors gives features.
 *
 * @param model the complete model
 * @param inputs its inputs
 * @param positions the maximum number of tokens that the model has positions for; 0 if unknown
 * @param pooling returns how the tensor of this name is pooled
 */
record FeatureTrials(ModelProto model, List<InputInfo> inputs, int positions, Function<String, Pooling> pooling) {
    /** The maximum number of tensors that are tried as features. */
    private static final int MAX_TRIALS = 8;

    private static final int MAX_TRIALS_OF_A_SIZE = 2;

    /** Sizes that are tried for free axes if the usual one is refused: of windows of frames, of images and of sounds. */
    private static final List<Integer> FREE_SIZES = List.of(8, 16, 32, 64, 96, 100, 128, 256, 400, 1000, 16_000);

    /**
     * What was found.
     *
     * @param feature the tensor of the features
     * @param tokens the maximum number of tokens that the model reads; 0 if unknown
     * @param free the size of the axes that the model leaves free; 0 for the usual one
     * @param fault why it cannot be used; empty if it can
     */
    record Found(String feature, int tokens, int free, String fault) {}

    /**
     * Returns the first candidate that gives features in a run, or the first of all with the reason why it gives none. A
     * model that leaves axes free may not take the usual size, so that others are tried.
     */
    Found first(List<String> candidates) {
        Found first = first(candidates, 0, MAX_TRIALS);
        if (first.fault().isEmpty() || !hasFreeAxes()) {
            return first;
        }
        return FREE_SIZES.stream()
                .map(size -> first(candidates, size, MAX_TRIALS_OF_A_SIZE))
                .filter(other -> other.fault().isEmpty())
                .findFirst()
                .orElse(first);
    }

    /** Returns whether the sample has axes whose size must be known; texts may have any length. */
    private boolean hasFreeAxes() {
        return inputs.stream().noneMatch(input -> InputRole.of(input.role()) == InputRole.IDS)
                && inputs.stream()
                        .filter(input -> InputRole.of(input.role()).isSample())
                        .flatMap(input -> input.shape().stream().skip(1))
                        .anyMatch(size -> !(size instanceof Long known && known > 0));
    }

    private Found first(List<String> candidates, int free, int trials) {
        String best = candidates.get(0);
        BaseModelInput input;
        try {
            input = InputDraft.ofTrial(inputs, positions, free);
        } catch (BackboneException | IllegalArgumentException e) {
            return new Found(best, positions, 0, String.valueOf(e.getMessage()));
        }
        String fault = "";
        for (String candidate : candidates.subList(0, Math.min(trials, candidates.size()))) {
            DraftTrial trial = new DraftTrial(model, input, candidate, pooling.apply(candidate));
            String why = trial.fault();
            if (why.isEmpty()) {
                return new Found(candidate, trial.tokens(positions), free, "");
            }
            fault = fault.isEmpty() ? why : fault;
        }
        return new Found(best, positions, 0, fault);
    }
}
