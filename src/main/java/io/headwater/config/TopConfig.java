package io.headwater.config;

import java.util.List;

/**
 * Which parameters of the top learn, how they are held, and what the top reads. Batch normalisation keeps the running
 * statistics of the base model, in training too.
 *
 * @param parameters which learn; the output layer always does
 * @param loraRank of the two factors that stand for the change of a matrix, 1 to 1024
 * @param loraAlpha the change counts alpha / rank times, above 0 and at most 1000000
 * @param dropout share of the features before the output layer that a step leaves out, 0 to below 1 (Srivastava et al.
 *     2014)
 * @param scalarMix tensors of the base model, all of the same shape, of which the head learns a weighted sum that takes the
 *     place of the manifest's features (Peters et al. 2018): 2 to 64, none twice; empty for those features
 */
public record TopConfig(
        TopParameters parameters, int loraRank, double loraAlpha, double dropout, List<String> scalarMix) {
    /** All parameters, no dropout, the manifest's features. */
    public static final TopConfig DEFAULT = new TopConfig(TopParameters.ALL, 8, 16, 0, List.of());

    public TopConfig {
        AdaptationKeys.LORA_RANK.check(loraRank);
        AdaptationKeys.LORA_ALPHA.check(loraAlpha);
        AdaptationKeys.DROPOUT.check(dropout);
        scalarMix = AdaptationKeys.SCALAR_MIX.check(List.copyOf(scalarMix));
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
