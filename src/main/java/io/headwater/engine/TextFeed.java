package io.headwater.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.BaseModelManifest.TextInput;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Token ids, padded to the next multiple of 8. Sums over the tokens of a row depend in their last bits on the padded
 * length, so inputs share a run only when that is the same for them.
 *
 * @param fixedRows the batch axis of the model, or 0 when it is free
 * @param fixedTokens the token axis of the model, or 0 when it is free
 */
record TextFeed(TextInput spec, int fixedRows, int fixedTokens) implements Feed {
    private static final int STEP = 8;
    private static final int MAX_ROWS = 32;
    // Bounds the memory of a run: attention takes rows × tokens² numbers a head.
    private static final int MAX_TOKENS_OF_A_RUN = 2048;

    @Override
    public int group(ModelInput input) {
        int length = ids(input).length;
        if (length < 1 || length > spec.maxTokens()) {
            throw new IllegalArgumentException(
                    "a text must have 1 to " + spec.maxTokens() + " tokens, but has " + length + "; truncate it first");
        }
        return fixedTokens > 0 ? fixedTokens : Math.min((length + STEP - 1) / STEP * STEP, spec.maxTokens());
    }

    @Override
    public int rows(int group) {
        return fixedRows > 0 ? fixedRows : Math.max(1, Math.min(MAX_ROWS, MAX_TOKENS_OF_A_RUN / group));
    }

    @Override
    public int used(ModelInput input) {
        return ids(input).length;
    }

    @Override
    public Map<String, OnnxTensor> tensors(List<ModelInput> inputs, int group) throws OrtException {
        long[] ids = new long[inputs.size() * group];
        long[] mask = new long[ids.length];
        for (int row = 0; row < inputs.size(); row++) {
            long[] tokens = ids(inputs.get(row));
            System.arraycopy(tokens, 0, ids, row * group, tokens.length);
            Arrays.fill(mask, row * group, row * group + tokens.length, 1);
        }
        long[] shape = {inputs.size(), group};
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        tensors.put(spec.ids(), tensor(ids, shape));
        tensors.put(spec.mask(), tensor(mask, shape));
        if (!spec.types().isEmpty()) {
            tensors.put(spec.types(), tensor(new long[ids.length], shape));
        }
        return tensors;
    }

    @Override
    public List<ModelInput> trials() {
        int most = Math.min(STEP, spec.maxTokens());
        return List.of(trial(most), trial(most - 1), trial(most), trial(most / 2 + 1), trial(most));
    }

    private static ModelInput trial(int tokens) {
        return new ModelInput.Tokens(new long[Math.max(1, tokens)]);
    }

    private static long[] ids(ModelInput input) {
        if (input instanceof ModelInput.Tokens tokens) {
            return tokens.ids();
        }
        throw new IllegalArgumentException("the base model reads text, but was given an image");
    }

    private static OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(OnnxRuntime.environment(), LongBuffer.wrap(values), shape);
    }
}
