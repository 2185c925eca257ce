package io.headwater.config;

import java.util.Locale;

/** The tasks that an adaptation can name. */
public enum TaskKind {
    /** Text to class. */
    TEXT_CLASSIFICATION,
    /** An image to a class. */
    IMAGE_CLASSIFICATION,
    /** Numbers that are ready for the base model to class. */
    TENSOR_CLASSIFICATION,
    /** WAV, FLAC or raw samples to class. */
    AUDIO_CLASSIFICATION,
    /** WAV, FLAC or raw samples to what was said. */
    AUTOMATIC_SPEECH_RECOGNITION,
    /** What the base model reads to any number of classes. */
    MULTI_LABEL_CLASSIFICATION,
    /** A text to a tag for each of its words. */
    TOKEN_CLASSIFICATION,
    /** A question and its context to the span that answers it. */
    QUESTION_ANSWERING,
    /** What the base model reads to real numbers. */
    REGRESSION,
    /** What an actor saw, did and got to what to do. */
    REINFORCEMENT_LEARNING;

    /** Whether features are those of every token or frame, and so far larger than one vector a sample. */
    public boolean saysOfEveryToken() {
        return this == TOKEN_CLASSIFICATION || this == QUESTION_ANSWERING || this == AUTOMATIC_SPEECH_RECOGNITION;
    }

    /** Whether an answer is one label out of several. */
    public boolean choosesOneLabel() {
        return switch (this) {
            case TEXT_CLASSIFICATION,
                    IMAGE_CLASSIFICATION,
                    TENSOR_CLASSIFICATION,
                    AUDIO_CLASSIFICATION,
                    REINFORCEMENT_LEARNING -> true;
            case AUTOMATIC_SPEECH_RECOGNITION,
                    MULTI_LABEL_CLASSIFICATION,
                    TOKEN_CLASSIFICATION,
                    QUESTION_ANSWERING,
                    REGRESSION -> false;
        };
    }

    /** The name in configuration files: {@code text-classification}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
