package io.headwater.adapt;

import java.util.List;

/**
 * The result of one training step.
 *
 * @param scores the predictions for its new samples, each made before the sample was used for training
 * @param loss mean loss of new and replayed samples before the step; NaN when nothing was trained
 * @param corrected offsets of samples that the lane does not contain any more, because others have corrected them
 */
public record StepReport(List<SampleScores> scores, double loss, List<Long> corrected) {
    public StepReport {
        corrected = List.copyOf(corrected);
    }

    /** Creates the report of a step in which nothing was corrected. */
    public StepReport(List<SampleScores> scores, double loss) {
        this(scores, loss, List.of());
    }
}
