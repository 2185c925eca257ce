package io.headwater.engine;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig;

/**
 * How a head learns, apart from its form.
 *
 * @param optimiser how gradients become steps
 * @param dropout share of the features that a step leaves out, 0 to below 1
 */
public record HeadTraining(OptimiserConfig optimiser, double dropout) {
    /** Adam at a constant learning rate, no dropout. */
    public static final HeadTraining DEFAULT = new HeadTraining(OptimiserConfig.DEFAULT, 0);

    public HeadTraining {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + dropout);
        }
    }

    /** How heads of {@code adaptation} learn. */
    public static HeadTraining of(AdaptationConfig adaptation) {
        return new HeadTraining(
                adaptation.optimiser(), adaptation.strategy().top().dropout());
    }

    /** Whether a head in {@code state} can go on in this way: its optimiser has seen nothing or is of the same kind. */
    public boolean canGoOn(HeadState state) {
        return Optimiser.canGoOn(
                optimiser, new HeadState(state.parameters(), Phases.without(state.optimiser()), state.iteration()));
    }
}
