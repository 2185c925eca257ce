package io.headwater.config;

import static io.headwater.config.key.NumberTypes.aboveZero;
import static io.headwater.config.key.NumberTypes.belowOne;
import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;
import static io.headwater.config.key.TextTypes.text;

import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import io.headwater.config.key.ListType;
import java.util.List;

/**
 * Which parameters above the cut are trained, how they are stored, and what their input is.
 *
 * @param parameters the parameters to train; the output layer is always trained
 * @param loraRank rank of the two factors that represent the change of a matrix, 1 to 1024
 * @param loraAlpha numerator of the factor alpha / rank by which the change is scaled, above 0 and at most 1000000
 * @param dropout fraction of the features before the output layer that a step drops, 0 to below 1 (Srivastava et al.
 *     2014)
 * @param scalarMix tensors of the base model, all of the same shape, whose weighted sum, with trained weights, replaces
 *     the features that the manifest defines (Peters et al. 2018): 2 to 64, without duplicates; empty to use the
 *     features of the manifest
 * @param batchNorm the statistics that batch normalisation uses
 */
public record TopConfig(
        TopParameters parameters,
        int loraRank,
        double loraAlpha,
        double dropout,
        List<String> scalarMix,
        BatchStatistics batchNorm) {
    private static final KeyTableBuilder<TopConfig> KEYS = KeyTable.builder();

    static final Key<TopParameters> PARAMETERS = KEYS.optional(
            "training.parameters",
            choice(TopParameters.class),
            TopParameters.ALL,
            TopConfig::parameters,
            "which parameters of the unfrozen top are trained; the output layer is always trained completely");
    static final Key<Integer> LORA_RANK = KEYS.optional(
            "training.lora-rank",
            whole(1, 1024),
            8,
            TopConfig::loraRank,
            "for `lora`, the rank of the change of each matrix");
    static final Key<Double> LORA_ALPHA = KEYS.optional(
            "training.lora-alpha",
            aboveZero(1_000_000),
            16.0,
            TopConfig::loraAlpha,
            "for `lora`, the change is multiplied by alpha / rank");
    static final Key<Double> DROPOUT = KEYS.optional(
            "training.dropout",
            belowOne(),
            0.0,
            TopConfig::dropout,
            "fraction of the features before the output layer that is dropped in each training step");
    static final Key<List<String>> SCALAR_MIX = KEYS.optional(
            "training.scalar-mix",
            new ListType<>("a list of 2 to 64 names of tensors, none twice, or empty", text(1000), 2, 64, true, true),
            List.of(),
            TopConfig::scalarMix,
            "tensors of the base model, all of the same shape; the head learns a weighted sum of them, which replaces"
                    + " the manifest's features, see [models.md](models.md#a-mix-of-layers). Only with `linear-probe`, `cut:"
                    + " auto` and an ONNX base model");
    static final Key<BatchStatistics> BATCH_NORM = KEYS.optional(
            "training.batch-norm",
            choice(BatchStatistics.class),
            BatchStatistics.KEEP,
            TopConfig::batchNorm,
            "statistics of batch normalisation in the unfrozen top. `keep`: the running statistics of the base model,"
                    + " also in training. `update`: in training, the mean and variance of the step's samples, new and replayed,"
                    + " with which the running statistics are updated; otherwise the running statistics. With `update` a step is"
                    + " run as a whole, so memory grows with `training.batch-size` + `replay.per-step`");

    /** The keys of this record. */
    static final KeyTable<TopConfig> TABLE = KEYS.build(values -> new TopConfig(
            values.get(PARAMETERS),
            values.get(LORA_RANK),
            values.get(LORA_ALPHA),
            values.get(DROPOUT),
            values.get(SCALAR_MIX),
            values.get(BATCH_NORM)));

    /** All parameters, no dropout, the features of the manifest, and the statistics of the base model. */
    public static final TopConfig DEFAULT = TABLE.defaults();

    /** Creates a configuration with the features of the manifest and the statistics of the base model. */
    public TopConfig(TopParameters parameters, int loraRank, double loraAlpha, double dropout) {
        this(parameters, loraRank, loraAlpha, dropout, List.of(), BatchStatistics.KEEP);
    }

    public TopConfig {
        LORA_RANK.check(loraRank);
        LORA_ALPHA.check(loraAlpha);
        DROPOUT.check(dropout);
        scalarMix = SCALAR_MIX.check(List.copyOf(scalarMix));
    }

    /** Returns a copy with other statistics of batch normalisation. */
    public TopConfig withBatchNorm(BatchStatistics other) {
        return TABLE.with(this, BATCH_NORM, other);
    }

    /** The statistics that batch normalisation above the cut uses. */
    public enum BatchStatistics {
        /** The running statistics of the base model, which stay unchanged even in training. */
        KEEP,
        /**
         * In training, the statistics of the batch, with which the running statistics are updated (Ioffe and Szegedy
         * 2015); otherwise the running statistics.
         */
        UPDATE
    }

    /** Which parameters of the unfrozen layers above the cut are trained. */
    public enum TopParameters {
        /** All parameters. */
        ALL,
        /** Only the biases (BitFit: Ben Zaken et al. 2022). */
        BIASES,
        /** Only low-rank changes of the matrices (LoRA: Hu et al. 2022). */
        LORA
    }
}
