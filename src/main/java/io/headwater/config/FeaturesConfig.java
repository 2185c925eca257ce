package io.headwater.config;

/**
 * What the base model's features are held as.
 *
 * @param precision of each number; part of what names the base model of a version
 */
public record FeaturesConfig(Precision precision) {
    /** As the base model gives them. */
    public static final FeaturesConfig DEFAULT = new FeaturesConfig(Precision.FLOAT32);

    /** How many bits a feature has. */
    public enum Precision {
        /** 32 bits, as the base model gives them. */
        FLOAT32,
        /** Rounded to 16 bits (IEEE 754 binary16) before anything learns or answers from them. */
        FLOAT16
    }
}
