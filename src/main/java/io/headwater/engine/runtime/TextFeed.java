package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.config.TextInput;
import io.headwater.engine.ModelInput;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Feeds token ids, padded to the next multiple of a number. The last bits of sums over the tokens of a row depend on the
 * padded length, so inputs share a run only if they have the same padded length.
 *
 * @param types the inputs of shape [batch, tokens] that the model has, int64 or int32, by name
 * @param past the inputs for the keys and values of earlier tokens, which are fed as empty
 * @param fixedRows the fixed batch size of the model, or 0 if it is free
 * @param fixedTokens the fixed length of the model's token axis, or 0 if it is free
 * @param step the number to whose multiples inputs are padded where the token axis is free; 1 for no padding
 */
record TextFeed(
        TextInput spec, Map<String, OnnxJavaType> types, List<ZeroInput> past, int fixedRows, int fixedTokens, int step)
        implements Feed {
    private static final int STEP = 8;
    private static final int MAX_ROWS = 32;
    // Limits the memory of a run: attention needs rows × tokens² numbers per head.
    private static final int MAX_TOKENS_OF_A_RUN = 2048;
    // The trial uses ids below this number, which exist in any vocabulary.
    private static final int TRIAL_IDS = 4;

    /** A feed that pads inputs so that many of them share a run. */
    TextFeed(TextInput spec, Map<String, OnnxJavaType> types, List<ZeroInput> past, int fixedRows, int fixedTokens) {
        this(spec, types, past, fixedRows, fixedTokens, STEP);
    }

    /** {@inheritDoc} Where numbers are scaled by the largest of all, padding would change them. */
    @Override
    public Feed alone() {
        return new TextFeed(spec, types, past, fixedRows, fixedTokens, 1);
    }

    @Override
    public int group(ModelInput input) {
        int length = ids(input).length;
        if (length < 1 || length > spec.maxTokens()) {
            throw new IllegalArgumentException(
                    "a text must have 1 to " + spec.maxTokens() + " tokens, but has " + length + "; truncate it first");
        }
        return fixedTokens > 0 ? fixedTokens : Math.min((length + step - 1) / step * step, spec.maxTokens());
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
        long[] types = new long[ids.length];
        long[] mask = new long[ids.length];
        long[] positions = new long[ids.length];
        for (int row = 0; row < inputs.size(); row++) {
            long[] tokens = ids(inputs.get(row));
            System.arraycopy(tokens, 0, ids, row * group, tokens.length);
            System.arraycopy(types(inputs.get(row)), 0, types, row * group, tokens.length);
            Arrays.fill(mask, row * group, row * group + tokens.length, 1);
            for (int i = 0; i < group; i++) {
                positions[row * group + i] = i;
            }
        }
        long[] shape = {inputs.size(), group};
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        put(spec.ids(), ids, shape, tensors);
        put(spec.mask(), mask, shape, tensors);
        put(spec.types(), types, shape, tensors);
        put(spec.positions(), positions, shape, tensors);
        for (ZeroInput none : past) {
            tensors.put(none.name(), none.tensor(inputs.size()));
        }
        return tensors;
    }

    /**
     * {@inheritDoc} They differ in length and content, in order to detect models in which rows depend on each other.
     */
    @Override
    public List<ModelInput> trials() {
        int most = Math.min(STEP, spec.maxTokens());
        return List.of(trial(0, most), trial(1, most - 1), trial(2, most), trial(3, most / 2 + 1), trial(4, most));
    }

    /** Returns an input that is padded to a greater length than those of {@link #trials}, if the model allows it. */
    ModelInput longest() {
        return trial(0, Math.min(2 * STEP, spec.maxTokens()));
    }

    private static ModelInput trial(int row, int tokens) {
        long[] ids = new long[Math.max(1, tokens)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (row + i * row) % TRIAL_IDS;
        }
        return new ModelInput.Tokens(ids);
    }

    private static long[] ids(ModelInput input) {
        return text(input).ids();
    }

    private static long[] types(ModelInput input) {
        return text(input).types();
    }

    private static ModelInput.Tokens text(ModelInput input) {
        if (input instanceof ModelInput.Tokens tokens) {
            return tokens;
        }
        throw new IllegalArgumentException("the base model reads text, but was given " + input.kind());
    }

    /** Adds the tensor if the model reads it; inputs that only the part above the cut reads are skipped. */
    private void put(String name, long[] values, long[] shape, Map<String, OnnxTensor> into) throws OrtException {
        OnnxJavaType type = types.get(name);
        if (type == OnnxJavaType.INT32) {
            int[] narrow = Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
            into.put(name, OnnxTensor.createTensor(OnnxRuntime.environment(), IntBuffer.wrap(narrow), shape));
        } else if (type != null) {
            into.put(name, OnnxTensor.createTensor(OnnxRuntime.environment(), LongBuffer.wrap(values), shape));
        }
    }
}
