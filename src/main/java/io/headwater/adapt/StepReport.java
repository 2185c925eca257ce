package io.headwater.adapt;

import java.util.List;

/**
 * The result of one training step.
 *
 * @param scores the predictions for its new samples, each made before the sample was used for training
 * @param loss mean loss of new and replayed samples before the step; NaN when nothing was trained
 */
public record StepReport(List<SampleScores> scores, double loss) {}
