package io.headwater.adapt;

import io.headwater.adapt.ask.Committee;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.task.Answer;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of a model version, opened for prediction. Not safe for use by several threads. */
public final class PublishedHead implements AutoCloseable {
    private final List<String> names;
    private final Head head;
    private final boolean aligned;
    private final @Nullable SeenFeatures seen;
    private final @Nullable Committee committee;

    private PublishedHead(HeadArtifact artifact, Head head) {
        this.names = artifact.labels();
        this.head = head;
        this.aligned = artifact.aligned();
        this.seen = artifact.seen();
        this.committee = artifact.committee();
    }

    /**
     * Opens {@code artifact}.
     *
     * @param heads creates the heads of its adaptation
     * @throws io.headwater.domain.ArtifactException when it has another form
     */
    public static PublishedHead open(HeadArtifact artifact, Heads heads) {
        return new PublishedHead(artifact, artifact.open(heads));
    }

    /** Returns whether its weights use samples without a label. */
    public boolean isAligned() {
        return aligned;
    }

    /** Returns how the features of the samples of its lane are distributed; null when the version does not say. */
    public @Nullable SeenFeatures seen() {
        return seen;
    }

    /**
     * Returns how much the contenders of its lane disagree on its answer to a request, 0 to 1; NaN when the version does not say what
     * the others were.
     *
     * @param features of the request
     * @param probabilities of its answer, by the names of its outputs
     */
    public double disagreement(float[] features, Map<String, Float> probabilities) {
        return committee == null ? Double.NaN : committee.disagreement(features, names, probabilities);
    }

    /** Returns the names of its outputs, in the order of the logits. */
    public List<String> names() {
        return names;
    }

    /** Returns the logits of each row of features. */
    public float[][] logits(float[][] features) {
        return head.logits(features);
    }

    /** Returns the predictions for samples, in order; the head runs once for all of them. */
    public List<Answer> predictions(Goal goal, float[][] features) {
        return goal.decode(names, head.logits(features));
    }

    /**
     * Returns the predictions for samples, in order, with their scores. When a target depends on the action values of
     * the next observation, this head estimates them.
     */
    public List<ScoredPrediction> scored(Goal goal, List<Example> examples) {
        List<Answer> answers =
                predictions(goal, examples.stream().map(Example::features).toArray(float[][]::new));
        List<Target> expected = goal instanceof Bootstrap bootstrap
                ? TargetNetwork.complete(bootstrap, examples, head)
                : examples.stream().map(Example::target).toList();
        return Examples.scored(examples, answers, expected);
    }

    @Override
    public void close() {
        head.close();
    }
}
