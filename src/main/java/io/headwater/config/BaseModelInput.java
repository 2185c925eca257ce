package io.headwater.config;

/** The input of a base model. */
public sealed interface BaseModelInput permits TextInput, ImageInput, TensorInput, AudioInput {

    /** Returns the kind of input. */
    InputKind kind();

    /** The kinds of input, as named by the key {@code input.type}. */
    enum InputKind {
        /** {@link TextInput}. */
        TEXT,
        /** {@link ImageInput}. */
        IMAGE,
        /** {@link TensorInput}. */
        TENSOR,
        /** {@link AudioInput}. */
        AUDIO
    }
}
