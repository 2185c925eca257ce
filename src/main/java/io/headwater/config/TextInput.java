package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.digest;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.Location;
import io.headwater.domain.Digest;
import java.util.List;

/**
 * Text as token ids from a tokenizer in the Hugging Face format.
 *
 * @param tokenizer the {@code tokenizer.json} file
 * @param maxTokens maximum number of tokens, 2 to 8192; the rest is cut off
 * @param ids name of the int64 or int32 input of shape [batch, tokens] for the token ids
 * @param mask name of the attention-mask input, 1 for tokens and 0 for padding; empty when the model has none
 * @param types name of the input for the segment ids; empty when the model has none
 * @param positions name of the input for the positions from 0; empty when the model has none
 * @param past names of the float inputs for past keys and values, which are always given empty tensors
 */
public record TextInput(
        ModelFile tokenizer, int maxTokens, String ids, String mask, String types, String positions, List<String> past)
        implements BaseModelInput {
    private static final KeyTableBuilder<TextInput> KEYS = KeyTable.builder();

    static final Key<Location> TOKENIZER_LOCATION = KEYS.required(
            "input.tokenizer.location",
            Location.TYPE,
            text -> new Location(text.tokenizer.location()),
            "`tokenizer.json` in the Hugging Face format (WordPiece, byte-level BPE, unigram), or BERT's `vocab.txt`,"
                    + " for which texts are lower-cased if it contains no capital letters");
    static final Key<Digest> TOKENIZER_DIGEST = KEYS.required(
            "input.tokenizer.digest", digest(), text -> text.tokenizer.digest(), "verified before the file is used");
    static final Key<Integer> MAX_TOKENS = KEYS.required(
            "input.max-tokens", whole(2, 8192), TextInput::maxTokens, "texts are truncated to this number of tokens");
    static final Key<String> IDS = KEYS.required(
            "input.ids",
            text(ManifestTypes.MAX_NAME),
            TextInput::ids,
            "name of the input for token ids, int64 or int32 [batch, tokens]");
    static final Key<String> MASK = KEYS.optional(
            "input.mask",
            text(ManifestTypes.MAX_NAME),
            "",
            TextInput::mask,
            "name of the input that is 1 for real tokens and 0 for padding, if the model has one");
    static final Key<String> TYPES = KEYS.optional(
            "input.types",
            text(ManifestTypes.MAX_NAME),
            "",
            TextInput::types,
            "name of the input for segment ids, if the model has one");
    static final Key<String> POSITIONS = KEYS.optional(
            "input.positions",
            text(ManifestTypes.MAX_NAME),
            "",
            TextInput::positions,
            "name of the input for positions, which are counted from 0, if the model has one");
    static final Key<List<String>> PAST = KEYS.optional(
            "input.past",
            ManifestTypes.NAMES,
            List.of(),
            TextInput::past,
            "names of the inputs for keys and values of earlier tokens; they are always empty: the axis of their"
                    + " length is 0");

    /** The keys of this record. */
    static final KeyTable<TextInput> TABLE = KEYS.rule(
                    values -> ManifestTypes.unresolved(values, TOKENIZER_LOCATION, values.get(TOKENIZER_LOCATION)))
            .build(values -> new TextInput(
                    ManifestTypes.file(values, TOKENIZER_LOCATION, TOKENIZER_DIGEST),
                    values.get(MAX_TOKENS),
                    values.get(IDS),
                    values.get(MASK),
                    values.get(TYPES),
                    values.get(POSITIONS),
                    values.get(PAST)));

    public TextInput {
        MAX_TOKENS.check(maxTokens);
        IDS.check(ids);
        MASK.check(mask);
        TYPES.check(types);
        POSITIONS.check(positions);
        past = PAST.check(List.copyOf(past));
    }

    @Override
    public InputKind kind() {
        return InputKind.TEXT;
    }

    /** Returns a copy with another maximum number of tokens. */
    public TextInput withMaxTokens(int other) {
        return TABLE.with(this, MAX_TOKENS, other);
    }

    /** Creates the input of an encoder that has no inputs for positions or for past keys and values. */
    public TextInput(ModelFile tokenizer, int maxTokens, String ids, String mask, String types) {
        this(tokenizer, maxTokens, ids, mask, types, "", List.of());
    }
}
