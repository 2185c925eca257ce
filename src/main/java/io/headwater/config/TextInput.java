package io.headwater.config;

import io.headwater.config.BaseModelManifest.ModelFile;
import java.util.List;

/**
 * Text, as the token ids of a tokenizer in the Hugging Face format.
 *
 * @param tokenizer its {@code tokenizer.json}
 * @param maxTokens tokens beyond this are cut off, 2 to 8192
 * @param ids name of the int64 or int32 input of shape [batch, tokens] for the token ids
 * @param mask name of the input for 1 on real tokens and 0 on padding; empty when the model has none
 * @param types name of the input for the segment ids; empty when the model has none
 * @param positions name of the input for the positions from 0; empty when the model has none
 * @param past names of the float inputs for keys and values of earlier tokens, which are fed none
 */
public record TextInput(
        ModelFile tokenizer, int maxTokens, String ids, String mask, String types, String positions, List<String> past)
        implements BaseModelInput {
    public TextInput {
        BaseModelKeys.MAX_TOKENS.check(maxTokens);
        BaseModelKeys.IDS.check(ids);
        if (!mask.isEmpty()) {
            BaseModelKeys.MASK.check(mask);
        }
        if (!types.isEmpty()) {
            BaseModelKeys.TYPES.check(types);
        }
        if (!positions.isEmpty()) {
            BaseModelKeys.POSITIONS.check(positions);
        }
        past = BaseModelKeys.PAST.check(List.copyOf(past));
    }

    /** Text for an encoder, which knows positions by itself and has no past. */
    public TextInput(ModelFile tokenizer, int maxTokens, String ids, String mask, String types) {
        this(tokenizer, maxTokens, ids, mask, types, "", List.of());
    }
}
