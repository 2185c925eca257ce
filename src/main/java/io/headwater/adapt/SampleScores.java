package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.task.ScoredPrediction;
import org.jspecify.annotations.Nullable;

/**
 * The predictions for a sample before it is used for training.
 *
 * @param position offset of the sample on the samples topic; -1 when that is not known
 * @param expected the sample's label
 * @param champion the prediction of the serving version; null when there is none
 * @param challenger the prediction of the head in training; null when it has not been trained yet
 */
public record SampleScores(
        long position,
        Label expected,
        @Nullable ScoredPrediction champion,
        @Nullable ScoredPrediction challenger) {

    /** Returns the champion's score, from 0 to 1; 0 when no version serves. */
    public double championScore() {
        return champion == null ? 0 : champion.score();
    }

    /** Returns the challenger's score, from 0 to 1; 0 when it has not been trained yet. */
    public double challengerScore() {
        return challenger == null ? 0 : challenger.score();
    }
}
