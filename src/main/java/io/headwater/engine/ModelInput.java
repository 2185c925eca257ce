package io.headwater.engine;

import java.util.List;

/** A preprocessed input of a base model. Arrays are owned by the record and must not be changed. */
public sealed interface ModelInput {

    /** Returns the kind of input, for messages. */
    String kind();

    /**
     * Text.
     *
     * @param ids token ids with the tokenizer's special tokens, without padding
     * @param types one segment id per token: which of two texts it belongs to, 0 or 1
     */
    record Tokens(long[] ids, long[] types) implements ModelInput {

        /** Creates the tokens of a single text. */
        public Tokens(long[] ids) {
            this(ids, new long[ids.length]);
        }

        @Override
        public String kind() {
            return "text";
        }
    }

    /**
     * Text that is too long for the base model, divided into overlapping parts.
     *
     * @param parts the parts, at least one, each short enough for the model
     */
    record Passages(List<Tokens> parts) implements ModelInput {
        public Passages {
            parts = List.copyOf(parts);
        }

        @Override
        public String kind() {
            return "a long text";
        }
    }

    /**
     * An image.
     *
     * @param values the values of the input tensor without its batch axis, in the base model's layout
     */
    record Pixels(float[] values) implements ModelInput {
        @Override
        public String kind() {
            return "an image";
        }
    }

    /**
     * Numbers that the model reads without further preprocessing.
     *
     * @param values the values of the input tensor without its batch axis, row-major
     */
    record Numbers(float[] values) implements ModelInput {
        @Override
        public String kind() {
            return "a tensor";
        }
    }

    /**
     * A sound of any length.
     *
     * @param samples the samples of one channel at the base model's sample rate, from −1 to 1
     */
    record Sound(float[] samples) implements ModelInput {
        @Override
        public String kind() {
            return "a sound";
        }
    }
}
