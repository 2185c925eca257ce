package io.headwater.config;

/** What goes in. */
public sealed interface BaseModelInput permits TextInput, ImageInput, TensorInput, AudioInput {}
