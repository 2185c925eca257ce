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
 * Feeds the inputs of the part above a cut other than the tensors of the cut.
 *
 * @param text feeds masks and similar inputs; null if the model does not read text
 * @param zeros the inputs that are fed zeros
 */
record SideFeed(@Nullable TextFeed text, List<ZeroInput> zeros) {

    /**
     * Returns the tensors of a batch, by name; the caller closes them.
     *
     * @param tokens the number of tokens of each row
     * @param padded the padded length of all rows
     */
    Map<String, OnnxTensor> tensors(int[] tokens, int padded) throws OrtException {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        if (text != null) {
            List<ModelInput> rows = Arrays.stream(tokens)
                    .<ModelInput>mapToObj(length -> new ModelInput.Tokens(new long[length]))
                    .toList();
            tensors.putAll(text.tensors(rows, text.fixedTokens() > 0 ? text.fixedTokens() : padded));
        }
        for (ZeroInput zero : zeros) {
            tensors.put(zero.name(), zero.tensor(tokens.length));
        }
        return tensors;
    }
}
