package io.headwater.engine.dense;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.learn.Learning;

/**
 * How a head learns, apart from its form.
 *
 * @param optimiser how gradients become steps
 * @param dropout share of the features that a step leaves out, 0 to below 1
 * @param kept the output layer that a new head begins with and, with {@code optimiser.l2-sp}, is pulled back to
 */
public record HeadTraining(OptimiserConfig optimiser, double dropout, PretrainedOutputLayer kept) {
    /** Adam at a constant learning rate, no dropout. */
    public static final HeadTraining DEFAULT = new HeadTraining(OptimiserConfig.DEFAULT, 0);

    public HeadTraining {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + dropout);
        }
    }

    /** How heads with a new output layer learn. */
    public HeadTraining(OptimiserConfig optimiser, double dropout) {
        this(optimiser, dropout, PretrainedOutputLayer.NONE);
    }

    /** How heads of {@code adaptation} with a new output layer learn. */
    public static HeadTraining of(AdaptationConfig adaptation) {
        return of(adaptation, PretrainedOutputLayer.NONE);
    }

    /** How heads of {@code adaptation} learn that begin with {@code kept}. */
    static HeadTraining of(AdaptationConfig adaptation, PretrainedOutputLayer kept) {
        return new HeadTraining(
                adaptation.optimiser(), adaptation.strategy().top().dropout(), kept);
    }

    /** Whether a head in {@code state} can go on in this way: its optimiser has seen nothing or is of the same kind. */
    public boolean canGoOn(HeadState state) {
        return Learning.canGoOn(optimiser, state);
    }
}
