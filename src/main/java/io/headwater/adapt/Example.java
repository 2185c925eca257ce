package io.headwater.adapt;

import io.headwater.domain.Label;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A valid sample that is ready for training, or one without a label.
 *
 * @param view view of the sample's payload
 * @param label label of the sample; null when it is not known
 * @param features features that the backbone computed; empty when they are not needed
 * @param target the training target of the label; empty without one
 * @param next features of the next observation when the target depends on it; otherwise empty
 * @param origin the request that it is the label of; null when it was sent with its label
 * @param position offset of the sample on the samples topic; -1 when that is not known
 */
public record Example(
        PayloadView view,
        @Nullable Label label,
        float[] features,
        Target target,
        float[] next,
        @Nullable Origin origin,
        long position) {
    private static final Target NO_TARGET = Target.of(List.of());

    /**
     * The request whose label a sample is.
     *
     * @param id id of the request
     * @param offset offset of the sample on the samples topic
     * @param corrects target of the label that was sent for the request before, and was wrong; null when there was none that
     *     could be learned
     */
    public record Origin(String id, long offset, @Nullable Target corrects) {}

    /** Creates an example of which it is not known where its sample is. */
    public Example(
            PayloadView view,
            @Nullable Label label,
            float[] features,
            Target target,
            float[] next,
            @Nullable Origin origin) {
        this(view, label, features, target, next, origin, -1);
    }

    /** Creates an example that was sent with its label. */
    public Example(PayloadView view, @Nullable Label label, float[] features, Target target, float[] next) {
        this(view, label, features, target, next, null);
    }

    /** Creates an example of a sample whose label is not known. */
    public static Example unlabelled(PayloadView view, float[] features) {
        return new Example(view, null, features, NO_TARGET);
    }

    /** Creates an example whose target does not depend on a next observation. */
    public Example(PayloadView view, @Nullable Label label, float[] features, Target target) {
        this(view, label, features, target, new float[0]);
    }

    /** Returns the offset of the sample, if it comes from a request. */
    OptionalLong offset() {
        return origin == null ? OptionalLong.empty() : OptionalLong.of(origin.offset());
    }

    /** Returns the same sample with another target. */
    Example with(Target other) {
        return new Example(view, label, features, other, next, origin, position);
    }

    /** Returns the same sample, which is at {@code offset} of the samples topic. */
    public Example at(long offset) {
        return new Example(view, label, features, target, next, origin, offset);
    }

    /** Returns whether the label is known. */
    public boolean isLabelled() {
        return label != null;
    }

    /**
     * Returns the label.
     *
     * @throws NullPointerException when it is not known
     */
    public Label truth() {
        return Objects.requireNonNull(label, "a sample without a label is neither scored nor learned");
    }

    /** Returns the same sample of another class. */
    Example of(String name) {
        return new Example(
                view, new Label.ClassLabel(name), features, Target.of(List.of(name)), next, origin, position);
    }

    /**
     * Returns {@code answer} as the prediction for this sample, with its score and error but without probabilities.
     *
     * @param expected complete target of this sample
     */
    public ScoredPrediction scored(Answer answer, Target expected) {
        return new ScoredPrediction(
                truth(),
                answer.label(view),
                Map.of(),
                answer.score(expected),
                answer.error(expected),
                answer.confidence());
    }
}
