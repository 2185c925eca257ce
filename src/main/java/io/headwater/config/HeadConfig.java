package io.headwater.config;

import static io.headwater.config.key.NumberTypes.whole;
import static io.headwater.config.key.TextTypes.choice;

import io.headwater.config.key.Breach;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyTable;
import io.headwater.config.key.KeyTableBuilder;
import java.util.List;

/**
 * Settings of the trainable head.
 *
 * @param hidden width of the single hidden layer, 0 to 8192. 0 means a softmax layer only, which is required when the
 *     output layer of the base model is kept
 * @param outputLayer how the output layer is initialised
 * @param beamWidth number of prefixes that the beam search for a transcript keeps from frame to frame, 1 to 1000; with
 *     1, decoding takes the most probable symbol of each frame
 * @param learns how the weights are found
 * @param operations million multiply-adds that the contenders in closed form may take for each sample on average, 1 to
 *     1000000
 */
public record HeadConfig(int hidden, OutputLayerChoice outputLayer, int beamWidth, Learns learns, int operations) {
    private static final int USUAL_OPERATIONS = 500;

    private static final KeyTableBuilder<HeadConfig> KEYS = KeyTable.builder();

    static final Key<Integer> HIDDEN = KEYS.optional(
            "head.hidden",
            whole(0, 8192),
            0,
            HeadConfig::hidden,
            "width of the hidden layer; 0 for an output layer alone");
    static final Key<OutputLayerChoice> OUTPUT_LAYER = KEYS.optional(
            "head.output-layer",
            choice(OutputLayerChoice.class),
            OutputLayerChoice.NEW,
            HeadConfig::outputLayer,
            "initial weights of the output layer. `new`: zeros, so that all classes are equally probable; `keep`:"
                    + " those of the base model's output layer. `keep` requires `labels`, which must be those of the manifest in"
                    + " any order, and `head.hidden: 0`. See [models.md](models.md#keeping-the-output-layer)");
    static final Key<Integer> BEAM_WIDTH = KEYS.optional(
            "head.beam-width",
            whole(1, 1000),
            1,
            HeadConfig::beamWidth,
            "for `automatic-speech-recognition`, how logits are decoded to a transcript. 1: greedy decoding, the most"
                    + " probable character of each frame; more: prefix beam search that keeps this number of prefixes, usually"
                    + " 10 to 100");

    static final Key<Learns> LEARNS = KEYS.optional(
            "head.learns",
            choice(Learns.class),
            Learns.AUTO,
            HeadConfig::learns,
            "how the weights of the head are found. `auto`: by a race of closed forms where the head is one new output"
                    + " layer on frozen features and the task predicts classes, labels, numbers or tags; otherwise by"
                    + " gradients. `closed-form` refuses to start where that is not possible. `gradient`: by steps of the"
                    + " optimiser. See [continual.md](continual.md)");

    static final Key<Integer> OPERATIONS = KEYS.optional(
            "head.operations",
            whole(1, 1_000_000),
            USUAL_OPERATIONS,
            HeadConfig::operations,
            "for closed forms, million multiply-adds that the contenders of a lane may take for each sample on average."
                    + " Where the solution for many classes or wide features costs more, contenders solve less often. See"
                    + " [continual.md](continual.md#what-it-costs)");

    /** The keys of this record. */
    static final KeyTable<HeadConfig> TABLE = KEYS.rule(
                    values -> breaches(values.get(HIDDEN), values.get(OUTPUT_LAYER)))
            .build(values -> new HeadConfig(
                    values.get(HIDDEN),
                    values.get(OUTPUT_LAYER),
                    values.get(BEAM_WIDTH),
                    values.get(LEARNS),
                    values.get(OPERATIONS)));

    /** A softmax layer only. */
    public static final HeadConfig DEFAULT = TABLE.defaults();

    public HeadConfig {
        HIDDEN.check(hidden);
        BEAM_WIDTH.check(beamWidth);
        OPERATIONS.check(operations);
        Breach.refuse(breaches(hidden, outputLayer));
    }

    /** Creates a head whose contenders take as much as they usually may. */
    public HeadConfig(int hidden, OutputLayerChoice outputLayer, int beamWidth, Learns learns) {
        this(hidden, outputLayer, beamWidth, learns, USUAL_OPERATIONS);
    }

    /** Creates a head whose weights are found as {@link Learns#AUTO} says. */
    public HeadConfig(int hidden, OutputLayerChoice outputLayer, int beamWidth) {
        this(hidden, outputLayer, beamWidth, Learns.AUTO);
    }

    /** Creates a head with greedy decoding of transcripts. */
    public HeadConfig(int hidden, OutputLayerChoice outputLayer) {
        this(hidden, outputLayer, 1);
    }

    /** Creates a head with a new output layer. */
    public HeadConfig(int hidden) {
        this(hidden, OutputLayerChoice.NEW);
    }

    /** Returns a copy whose weights are found in another way. */
    public HeadConfig withLearns(Learns other) {
        return TABLE.with(this, LEARNS, other);
    }

    /** Returns a copy whose contenders may take another number of million multiply-adds for each sample. */
    public HeadConfig withOperations(int other) {
        return TABLE.with(this, OPERATIONS, other);
    }

    private static List<Breach> breaches(int hidden, OutputLayerChoice outputLayer) {
        return hidden > 0 && outputLayer == OutputLayerChoice.KEEP
                ? List.of(new Breach(
                        HIDDEN,
                        "head.hidden must be 0 with head.output-layer keep, which reads the features themselves, but is "
                                + hidden + "; leave it out or choose head.output-layer new"))
                : List.of();
    }

    /** How the weights of a head are found. */
    public enum Learns {
        /** In closed form where possible, otherwise by gradients. */
        AUTO,
        /** From sums and stored features, by the contenders of a race. */
        CLOSED_FORM,
        /** By steps of an optimiser. */
        GRADIENT
    }

    /** How the output layer is initialised. */
    public enum OutputLayerChoice {
        /** With zeros, so that all classes are equally probable. */
        NEW,
        /** With the output layer of the base model, which has the same classes as the adaptation. */
        KEEP
    }
}
