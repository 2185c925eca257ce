package io.headwater.config;

/**
 * Which parameters of the unfrozen top learn, and how they are held.
 *
 * @param parameters which learn; the output layer always does
 * @param loraRank of the two factors that stand for the change of a matrix, 1 to 1024
 * @param loraAlpha the change counts alpha / rank times, above 0 and at most 1000000
 * @param dropout share of the features before the output layer that a step leaves out, 0 to below 1 (Srivastava et al.
 *     2014)
 * @param batchNorm what becomes of the running statistics of batch normalisation
 */
public record TopConfig(TopParameters parameters, int loraRank, double loraAlpha, double dropout, BatchNorm batchNorm) {
    /** All parameters, no dropout, statistics as they are. */
    public static final TopConfig DEFAULT = new TopConfig(TopParameters.ALL, 8, 16, 0, BatchNorm.KEEP);

    public TopConfig {
        AdaptationKeys.LORA_RANK.check(loraRank);
        AdaptationKeys.LORA_ALPHA.check(loraAlpha);
        AdaptationKeys.DROPOUT.check(dropout);
    }

    /** Which parameters of the unfrozen top learn. */
    public enum TopParameters {
        /** Every one. */
        ALL,
        /** Biases alone (BitFit: Ben Zaken et al. 2022). */
        BIASES,
        /** Low-rank changes of the matrices alone (LoRA: Hu et al. 2022). */
        LORA
    }

    /** What becomes of the running statistics of batch normalisation. */
    public enum BatchNorm {
        /** They stay those of the base model, in training too. */
        KEEP,
        /** A step normalises by its own statistics, and the running ones follow. */
        UPDATE
    }
}
