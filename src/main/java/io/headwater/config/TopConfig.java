package io.headwater.config;

/**
 * Which parameters of the unfrozen top learn, and how they are held.
 *
 * @param parameters which learn; the output layer always does
 * @param loraRank of the two factors that stand for the change of a matrix, 1 to 1024
 * @param loraAlpha the change counts alpha / rank times, above 0 and at most 1000000
 * @param dropout share of the features before the output layer that a step leaves out, 0 to below 1 (Srivastava et al.
 *     2014)
 * @param batchNorm what batch normalisation normalises by
 */
public record TopConfig(
        TopParameters parameters, int loraRank, double loraAlpha, double dropout, BatchStatistics batchNorm) {
    /** All parameters, no dropout, the statistics of the base model. */
    public static final TopConfig DEFAULT = new TopConfig(TopParameters.ALL, 8, 16, 0);

    /** With the statistics of the base model. */
    public TopConfig(TopParameters parameters, int loraRank, double loraAlpha, double dropout) {
        this(parameters, loraRank, loraAlpha, dropout, BatchStatistics.KEEP);
    }

    public TopConfig {
        AdaptationKeys.LORA_RANK.check(loraRank);
        AdaptationKeys.LORA_ALPHA.check(loraAlpha);
        AdaptationKeys.DROPOUT.check(dropout);
    }

    /** The same with other statistics of batch normalisation. */
    public TopConfig withBatchNorm(BatchStatistics other) {
        return new TopConfig(parameters, loraRank, loraAlpha, dropout, other);
    }

    /** What batch normalisation in the unfrozen top normalises by. */
    public enum BatchStatistics {
        /** The running statistics of the base model, which stay as they are, in training too. */
        KEEP,
        /**
         * In training the statistics of the step's rows, towards which the running ones move (Ioffe and Szegedy 2015);
         * else the running ones.
         */
        UPDATE
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
}
