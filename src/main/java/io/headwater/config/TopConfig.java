package io.headwater.config;

import java.util.List;

/**
 * Which parameters of the top learn, how they are held, and what the top reads.
 *
 * @param parameters which learn; the output layer always does
 * @param loraRank of the two factors that stand for the change of a matrix, 1 to 1024
 * @param loraAlpha the change counts alpha / rank times, above 0 and at most 1000000
 * @param dropout share of the features before the output layer that a step leaves out, 0 to below 1 (Srivastava et al.
 *     2014)
 * @param scalarMix tensors of the base model, all of the same shape, of which the head learns a weighted sum that takes the
 *     place of the manifest's features (Peters et al. 2018): 2 to 64, none twice; empty for those features
 * @param batchNorm what batch normalisation normalises by
 */
public record TopConfig(
        TopParameters parameters,
        int loraRank,
        double loraAlpha,
        double dropout,
        List<String> scalarMix,
        BatchStatistics batchNorm) {
    /** All parameters, no dropout, the manifest's features, the statistics of the base model. */
    public static final TopConfig DEFAULT = new TopConfig(TopParameters.ALL, 8, 16, 0);

    /** With the manifest's features and the statistics of the base model. */
    public TopConfig(TopParameters parameters, int loraRank, double loraAlpha, double dropout) {
        this(parameters, loraRank, loraAlpha, dropout, List.of(), BatchStatistics.KEEP);
    }

    public TopConfig {
        AdaptationKeys.LORA_RANK.check(loraRank);
        AdaptationKeys.LORA_ALPHA.check(loraAlpha);
        AdaptationKeys.DROPOUT.check(dropout);
        scalarMix = AdaptationKeys.SCALAR_MIX.check(List.copyOf(scalarMix));
    }

    /** The same with other statistics of batch normalisation. */
    public TopConfig withBatchNorm(BatchStatistics other) {
        return new TopConfig(parameters, loraRank, loraAlpha, dropout, scalarMix, other);
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
