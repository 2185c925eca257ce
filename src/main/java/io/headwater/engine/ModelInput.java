package io.headwater.engine;

import java.util.List;

/** A preprocessed input of a base model. Arrays are owned by the record and must not be changed. */
public sealed interface ModelInput {

    /** What it is, for messages. */
    String kind();

    /**
     * Text.
     *
     * @param ids token ids with the tokenizer's special tokens, without padding
     * @param types as many numbers: which of two texts each token belongs to, 0 or 1
     */
    record Tokens(long[] ids, long[] types) implements ModelInput {

        /** One text. */
        public Tokens(long[] ids) {
            this(ids, new long[ids.length]);
        }

        @Override
        public String kind() {
            return "text";
        }
    }

    /**
     * Text that is too long for the base model, in parts that overlap.
     *
     * @param parts each short enough, at least one
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
     * @param values of the input tensor without its batch axis, in the base model's layout
     */
    record Pixels(float[] values) implements ModelInput {
        @Override
        public String kind() {
            return "an image";
        }
    }

    /**
     * Numbers that are ready for the model.
     *
     * @param values of the input tensor without its batch axis, row-major
     */
    record Numbers(float[] values) implements ModelInput {
        @Override
        public String kind() {
            return "a tensor";
        }
    }

    /**
     * A sound, of any length.
     *
     * @param samples of one channel at the base model's rate, from −1 to 1
     */
    record Sound(float[] samples) implements ModelInput {
        @Override
        public String kind() {
            return "a sound";
        }
    }
}
