package io.headwater.adapt;

import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import java.util.ArrayList;
import java.util.List;

/** A published head that answers. Not safe for use by several threads. */
public final class Classifier implements AutoCloseable {
    private final List<String> labels;
    private final Head head;

    private Classifier(List<String> labels, Head head) {
        this.labels = labels;
        this.head = head;
    }

    /**
     * Opens {@code artifact}.
     *
     * @param heads of its adaptation
     * @throws io.headwater.domain.ArtifactException when it is of another form
     */
    public static Classifier open(HeadArtifact artifact, Heads heads) {
        return new Classifier(artifact.labels(), artifact.open(heads));
    }

    /** The classes, in the order of the probabilities. */
    public List<String> labels() {
        return labels;
    }

    /** The probabilities of each class for each row of features. */
    public float[][] probabilities(float[][] features) {
        return head.probabilities(features);
    }

    /** The most probable class for each row of features. */
    public List<String> classify(float[][] features) {
        return mostProbable(labels, head.probabilities(features));
    }

    /** The class with the highest probability of each row; the first of equals. */
    public static List<String> mostProbable(List<String> labels, float[][] probabilities) {
        List<String> chosen = new ArrayList<>(probabilities.length);
        for (float[] row : probabilities) {
            chosen.add(labels.get(argmax(row)));
        }
        return chosen;
    }

    private static int argmax(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public void close() {
        head.close();
    }
}
