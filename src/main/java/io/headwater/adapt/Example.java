package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.Map;

/**
 * A valid sample, ready for training.
 *
 * @param view of the payload of the sample
 * @param label of the sample
 * @param features of the backbone
 * @param target the training target of the label
 * @param next features of the next observation where the target depends on it; else empty
 */
public record Example(PayloadView view, Label label, float[] features, Target target, float[] next) {

    /** A sample whose target does not depend on a next observation. */
    public Example(PayloadView view, Label label, float[] features, Target target) {
        this(view, label, features, target, new float[0]);
    }

    /**
     * The prediction that {@code answer} is for this sample, with its score and error but without probabilities.
     *
     * @param expected the complete target of this sample
     */
    public ScoredPrediction scored(Answer answer, Target expected) {
        return new ScoredPrediction(
                label, answer.label(view), Map.of(), answer.score(expected), answer.error(expected));
    }
}
