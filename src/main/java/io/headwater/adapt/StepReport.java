package io.headwater.adapt;

import java.util.List;

/**
 * The result of one step.
 *
 * @param scores the predictions of its new samples, each made before anything learned from the sample
 * @param loss mean loss of new and replayed samples before the step; NaN when nothing was trained
 */
public record StepReport(List<SampleScores> scores, double loss) {}
