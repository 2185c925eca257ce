package io.headwater.config;

import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;

/**
 * How the features of the base model are stored.
 *
 * @param precision precision of each number; part of the identity of a version's base model
 */
public record FeaturesConfig(Precision precision) {
    private static final KeyTableBuilder<FeaturesConfig> KEYS = KeyTable.builder();

    static final Key<Precision> PRECISION = KEYS.optional(
            "features.precision",
            choice(Precision.class),
            Precision.FLOAT32,
            FeaturesConfig::precision,
            "precision in which features are held. `float16`: features are rounded to 16 bits before they are used"
                    + " for training or prediction, cached or not. They take half the space in the cache file, and the digest of"
                    + " the base model in the lineage differs. A sample with a feature of 65520 or more becomes a dead letter");

    /** The keys of this record. */
    static final KeyTable<FeaturesConfig> TABLE = KEYS.build(values -> new FeaturesConfig(values.get(PRECISION)));

    /** Features as the base model computes them. */
    public static final FeaturesConfig DEFAULT = TABLE.defaults();

    /** The precision of a feature. */
    public enum Precision {
        /** 32 bits, as the base model computes them. */
        FLOAT32,
        /** Rounded to 16 bits (IEEE 754 binary16) before they are used for training or prediction. */
        FLOAT16
    }
}
