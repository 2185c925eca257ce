package io.headwater.adapt;

import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.task.Bootstrap;
import io.headwater.task.Goal;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A published head that answers. Not safe for use by several threads. */
public final class PublishedHead implements AutoCloseable {
    private final List<String> names;
    private final Head head;

    private PublishedHead(List<String> names, Head head) {
        this.names = names;
        this.head = head;
    }

    /**
     * Opens {@code artifact}.
     *
     * @param heads of its adaptation
     * @throws io.headwater.domain.ArtifactException when it is of another form
     */
    public static PublishedHead open(HeadArtifact artifact, Heads heads) {
        return new PublishedHead(artifact.labels(), artifact.open(heads));
    }

    /** The names of its outputs, in the order of the logits. */
    public List<String> names() {
        return names;
    }

    /** The logits of each row of features. */
    public float[][] logits(float[][] features) {
        return head.logits(features);
    }

    /** What it says of each row of features. */
    public List<Target> predictions(Goal goal, float[][] features) {
        return predictions(goal, names, head.logits(features));
    }

    /** What it says of each sample beside what it should be, as far as it knows: what comes next is what it expects itself. */
    public List<ScoredPrediction> scored(Goal goal, List<Example> examples) {
        float[][] logits = head.logits(examples.stream().map(Example::features).toArray(float[][]::new));
        List<Target> expected = goal instanceof Bootstrap bootstrap
                ? TargetNetwork.complete(bootstrap, examples, head)
                : examples.stream().map(Example::target).toList();
        return IntStream.range(0, logits.length)
                .mapToObj(i -> {
                    Target predicted = goal.decode(names, logits[i]);
                    return new ScoredPrediction(
                            examples.get(i).label(),
                            goal.answer(examples.get(i).payload(), predicted),
                            goal.probabilities(names, logits[i]),
                            goal.score(expected.get(i), predicted));
                })
                .toList();
    }

    static List<Target> predictions(Goal goal, List<String> names, float[][] logits) {
        return Arrays.stream(logits).map(row -> goal.decode(names, row)).toList();
    }

    @Override
    public void close() {
        head.close();
    }
}
