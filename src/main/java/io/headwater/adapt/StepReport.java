package io.headwater.adapt;

import java.util.List;

/**
 * What one step did.
 *
 * @param scored its new samples, each scored before anything learned from it
 * @param loss mean loss of new and replayed samples before the step; NaN when nothing was trained
 */
public record StepReport(List<Scored> scored, double loss) {}
