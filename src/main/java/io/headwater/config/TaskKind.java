package io.headwater.config;

import java.util.Locale;

/** The tasks that an adaptation can name. */
public enum TaskKind {
    /** Predicts the class of a text. */
    TEXT_CLASSIFICATION,
    /** Predicts the class of an image. */
    IMAGE_CLASSIFICATION,
    /** Predicts the class of a tensor that is the direct input of the base model. */
    TENSOR_CLASSIFICATION,
    /** Predicts the class of sound from WAV, FLAC or raw samples. */
    AUDIO_CLASSIFICATION,
    /** Transcribes speech from WAV, FLAC or raw samples. */
    AUTOMATIC_SPEECH_RECOGNITION,
    /** Predicts any number of classes for any input of the base model. */
    MULTI_LABEL_CLASSIFICATION,
    /** Predicts a tag for each word of a text. */
    TOKEN_CLASSIFICATION,
    /** Predicts the span of a context that answers a question. */
    QUESTION_ANSWERING,
    /** Predicts real numbers for any input of the base model. */
    REGRESSION,
    /** Learns a policy from observations, actions and rewards of an actor. */
    REINFORCEMENT_LEARNING;

    /** Returns whether a sample has features for every token or frame, which are far larger than a single vector. */
    public boolean saysOfEveryToken() {
        return this == TOKEN_CLASSIFICATION || this == QUESTION_ANSWERING || this == AUTOMATIC_SPEECH_RECOGNITION;
    }

    /** Returns whether the task chooses one of several labels. */
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

    /** Returns whether a prediction comes with a set of classes or tags, or with intervals of numbers. */
    public boolean hasRegions() {
        return this != AUTOMATIC_SPEECH_RECOGNITION && this != QUESTION_ANSWERING;
    }

    /** Returns whether a prediction says with which probability it is wrong. */
    public boolean hasProbabilities() {
        return hasRegions() && this != REGRESSION && this != REINFORCEMENT_LEARNING;
    }

    /** Returns the name in configuration files, such as {@code text-classification}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
