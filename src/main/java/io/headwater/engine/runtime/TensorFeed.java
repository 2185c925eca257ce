package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.TensorInput;
import io.headwater.engine.ModelInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Feeds numbers that need no further preprocessing.
 *
 * @param half whether the model reads float16
 * @param zeros the inputs that are fed zeros
 * @param fixedRows the fixed batch size of the model, or 0 if it is free
 */
record TensorFeed(TensorInput spec, boolean half, List<ZeroInput> zeros, int fixedRows) implements Feed {
    private static final int MAX_ROWS = 32;
    // Limits the memory of a run.
    private static final int MAX_VALUES_OF_A_RUN = 1 << 18;
    private static final int TRIALS = 5;

    @Override
    public int group(ModelInput input) {
        if (numbers(input).length != spec.size()) {
            throw new IllegalArgumentException("a tensor of shape " + spec.shape() + " must have " + spec.size()
                    + " values, but has " + numbers(input).length);
        }
        return 0;
    }

    @Override
    public int rows(int group) {
        return fixedRows > 0 ? fixedRows : Math.max(1, Math.min(MAX_ROWS, MAX_VALUES_OF_A_RUN / spec.size()));
    }

    @Override
    public int used(ModelInput input) {
        return Integer.MAX_VALUE;
    }

    @Override
    public Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException {
        long[] shape = new long[spec.shape().size() + 1];
        shape[0] = inputs.size();
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = spec.shape().get(axis - 1);
        }
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        tensors.put(
                spec.name(),
                FloatInputs.of(inputs.stream().map(TensorFeed::numbers).toList(), shape, half));
        for (ZeroInput zero : zeros) {
            tensors.put(zero.name(), zero.tensor(inputs.size()));
        }
        return tensors;
    }

    @Override
    public List<ModelInput> trials() {
        return FloatInputs.trials(TRIALS, spec.size()).stream()
                .<ModelInput>map(ModelInput.Numbers::new)
                .toList();
    }

    private static float[] numbers(ModelInput input) {
        if (input instanceof ModelInput.Numbers numbers) {
            return numbers.values();
        }
        throw new IllegalArgumentException("the base model reads tensors, but was given " + input.kind());
    }
}
