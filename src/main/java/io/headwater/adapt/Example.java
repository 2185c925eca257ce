package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;

/**
 * A valid sample that is ready for training.
 *
 * @param view view of the sample's payload
 * @param label label of the sample
 * @param features features that the backbone computed
 * @param target the training target of the label
 * @param next features of the next observation when the target depends on it; otherwise empty
 */
public record Example(PayloadView view, Label label, float[] features, Target target, float[] next) {

    /** Creates an example whose target does not depend on a next observation. */
    public Example(PayloadView view, Label label, float[] features, Target target) {
        this(view, label, features, target, new float[0]);
    }

    /** Returns the same sample of another class. */
    Example of(String name) {
        return new Example(view, new Label.ClassLabel(name), features, Target.of(List.of(name)), next);
    }

    /**
     * Returns {@code answer} as the prediction for this sample, with its score and error but without probabilities.
     *
     * @param expected complete target of this sample
     */
    public ScoredPrediction scored(Answer answer, Target expected) {
        return new ScoredPrediction(
                label, answer.label(view), Map.of(), answer.score(expected), answer.error(expected));
    }
}
