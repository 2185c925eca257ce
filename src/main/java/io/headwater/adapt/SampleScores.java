package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.task.ScoredPrediction;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a sample before anything learned from it.
 *
 * @param expected the sample's label
 * @param champion the prediction of the version that serves; null when none does
 * @param challenger the prediction of the head in training; null when it has not learned yet
 */
public record SampleScores(
        Label expected,
        @Nullable ScoredPrediction champion,
        @Nullable ScoredPrediction challenger) {

    /** The champion's score, from 0 to 1; 0 when no version serves. */
    public double championScore() {
        return champion == null ? 0 : champion.score();
    }

    /** The challenger's score, from 0 to 1; 0 when it has not learned yet. */
    public double challengerScore() {
        return challenger == null ? 0 : challenger.score();
    }
}
