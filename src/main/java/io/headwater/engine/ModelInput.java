package io.headwater.engine;

/** A preprocessed input of a base model. Arrays are owned by the record and must not be changed. */
public sealed interface ModelInput {

    /**
     * Text.
     *
     * @param ids token ids with the tokenizer's special tokens, without padding
     */
    record Tokens(long[] ids) implements ModelInput {}

    /**
     * An image.
     *
     * @param values of the input tensor without its batch axis, in the base model's layout
     */
    record Pixels(float[] values) implements ModelInput {}
}
