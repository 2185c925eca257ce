package io.headwater.api.inference;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for an inference.
 *
 * @param id null when the caller gives none
 * @param inputs its tensors
 * @param outputs for each output that the caller wants, whether as binary data; null for all
 * @param binary whether outputs are binary of which the caller does not say it
 */
record InferRequest(
        @Nullable String id,
        List<InputTensor> inputs,
        @Nullable Map<String, Boolean> outputs,
        boolean binary) {

    /** Returns whether the caller wants an output. */
    boolean wants(String output) {
        return outputs == null || outputs.containsKey(output);
    }

    /** Returns whether the caller wants an output as binary data. */
    boolean wantsBinary(String output) {
        return outputs == null ? binary : outputs.getOrDefault(output, binary);
    }
}
