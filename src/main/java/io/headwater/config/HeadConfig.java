package io.headwater.config;

import java.util.List;

/**
 * The trainable part.
 *
 * @param hidden width of the one hidden layer, 0 to 8192; 0 for a softmax layer alone, as it must be where the output
 *     layer is kept
 * @param outputLayer what the output layer begins as
 * @param beamWidth prefixes that are kept from frame to frame where a transcript is read, 1 to 1000; 1 to read the
 *     likeliest symbol of each frame
 */
public record HeadConfig(int hidden, OutputLayerChoice outputLayer, int beamWidth) {
    public HeadConfig {
        AdaptationKeys.HIDDEN.check(hidden);
        AdaptationKeys.BEAM_WIDTH.check(beamWidth);
        Breach.refuse(breaches(hidden, outputLayer));
    }

    /** A head that reads transcripts frame by frame. */
    public HeadConfig(int hidden, OutputLayerChoice outputLayer) {
        this(hidden, outputLayer, 1);
    }

    /** A head with a new output layer. */
    public HeadConfig(int hidden) {
        this(hidden, OutputLayerChoice.NEW);
    }

    static List<Breach> breaches(int hidden, OutputLayerChoice outputLayer) {
        return hidden > 0 && outputLayer == OutputLayerChoice.KEEP
                ? List.of(new Breach(
                        AdaptationKeys.HIDDEN,
                        "head.hidden must be 0 with head.output-layer keep, which reads the features themselves, but is "
                                + hidden + "; leave it out or choose head.output-layer new"))
                : List.of();
    }

    /** A softmax layer alone. */
    public static final HeadConfig DEFAULT = new HeadConfig(0);

    /** What the output layer begins as. */
    public enum OutputLayerChoice {
        /** Zeros: every class is equally probable. */
        NEW,
        /** That of the base model, whose classes are those of the adaptation. */
        KEEP
    }
}
