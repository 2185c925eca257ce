package io.headwater.engine.dense;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.learn.Learning;

/**
 * The training settings of a head.
 *
 * @param optimiser the settings of the optimiser
 * @param dropout the share of the features that dropout sets to 0 in a step, 0 to below 1
 * @param kept the output layer that a new head starts from and towards which {@code optimiser.l2-sp} regularises it
 * @param gradients whether features are scaled and weights averaged; read by {@link GraphHeads}
 */
public record HeadTraining(
        OptimiserConfig optimiser, double dropout, PretrainedOutputLayer kept, GradientConfig gradients) {
    /** Adam at a constant learning rate, no dropout. */
    public static final HeadTraining DEFAULT = new HeadTraining(OptimiserConfig.DEFAULT, 0);

    public HeadTraining {
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be from 0 to below 1, but is " + dropout);
        }
    }

    /** Creates the training settings of heads with a new output layer. */
    public HeadTraining(OptimiserConfig optimiser, double dropout) {
        this(optimiser, dropout, PretrainedOutputLayer.NONE, GradientConfig.PLAIN);
    }

    /** Returns the training settings of heads of {@code adaptation} with a new output layer. */
    public static HeadTraining of(AdaptationConfig adaptation) {
        return of(adaptation, PretrainedOutputLayer.NONE);
    }

    /** Returns the training settings of heads of {@code adaptation} that start from {@code kept}. */
    static HeadTraining of(AdaptationConfig adaptation, PretrainedOutputLayer kept) {
        return new HeadTraining(
                adaptation.optimiser(),
                adaptation.strategy().top().dropout(),
                kept,
                adaptation.training().gradients());
    }

    /**
     * Whether a head in {@code state} can be trained further with these settings: it is untrained, or its optimiser is
     * of the same kind.
     */
    public boolean canGoOn(HeadState state) {
        return Learning.canGoOn(optimiser, FoldedHead.unfolded(state));
    }
}
