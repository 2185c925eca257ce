package io.headwater.engine.inspect;

import io.headwater.config.BaseModelInput;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.engine.BackboneException;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import java.util.ArrayList;
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

    /** Sizes that are tried for a free axis if the usual one is refused: of windows of frames, and of sounds. */
    private static final List<Integer> FREE_SIZES = List.of(8, 16, 32, 64, 96, 100, 128, 256, 400, 1000, 16_000);

    /** The same for images, from the largest: one of a single patch fits any table of positions, as a row that is repeated. */
    private static final List<Integer> FREE_SIDES = List.of(518, 512, 400, 384, 336, 256, 128, 100, 96, 64, 32, 16, 8);

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
     * model that leaves axes free may not take the usual size, such as one with a table of positions for images of another
     * size, so that others are tried before a candidate that is further below.
     */
    Found first(List<String> candidates) {
        Found usual = first(candidates, 0, MAX_TRIALS);
        int better = usual.fault().isEmpty() ? candidates.indexOf(usual.feature()) : candidates.size();
        int trials = Math.min(MAX_TRIALS_OF_A_SIZE, better);
        if (trials == 0) {
            return usual;
        }
        return sizes(inputs).stream()
                .skip(1)
                .map(size -> first(candidates, size, trials))
                .filter(other -> other.fault().isEmpty())
                .findFirst()
                .orElse(usual);
    }

    /** Returns the sizes to try for the axes that {@code inputs} leave free, the first of them 0 for the usual one. */
    static List<Integer> sizes(List<InputInfo> inputs) {
        int axes = freeAxes(inputs);
        List<Integer> sizes = new ArrayList<>(List.of(0));
        sizes.addAll(axes == 0 ? List.of() : axes == 1 ? FREE_SIZES : FREE_SIDES);
        return sizes;
    }

    /** Returns the number of axes of the sample whose size must be known; texts may have any length. */
    private static int freeAxes(List<InputInfo> inputs) {
        if (inputs.stream().anyMatch(input -> InputRole.of(input.role()) == InputRole.IDS)) {
            return 0;
        }
        return (int) inputs.stream()
                .filter(input -> InputRole.of(input.role()).isSample())
                .flatMap(input -> input.shape().stream().skip(1))
                .filter(size -> !(size instanceof Long known && known > 0))
                .count();
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
