package io.headwater.config;

/** What goes in. */
public sealed interface BaseModelInput permits TextInput, ImageInput, TensorInput, AudioInput {

    /** Which of them it is. */
    InputKind kind();

    /** What goes in, as the key {@code input.type} names it. */
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
