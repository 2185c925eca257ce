package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.engine.ModelInput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the part of a model above a cut reads beside the cut.
 *
 * @param text feeds masks and the like; null when the model reads no text
 * @param zeros inputs that are fed zeros
 */
record SideFeed(@Nullable TextFeed text, List<ZeroInput> zeros) {

    /**
     * Tensors for a batch, by name; the caller closes them.
     *
     * @param tokens of each row
     * @param padded length of all rows
     */
    Map<String, OnnxTensor> tensors(int[] tokens, int padded) throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        if (text != null) {
            List<ModelInput> rows = Arrays.stream(tokens)
                    .<ModelInput>mapToObj(length -> new ModelInput.Tokens(new long[length]))
                    .toList();
            tensors.putAll(text.tensors(rows, padded));
        }
        for (ZeroInput zero : zeros) {
            tensors.put(zero.name(), zero.tensor(tokens.length));
        }
        return tensors;
    }
}
