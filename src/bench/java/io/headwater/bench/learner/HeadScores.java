package io.headwater.bench.learner;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.PublishedHead;
import io.headwater.engine.Heads;
import io.headwater.engine.Logits;
import java.util.List;

/**
 * Scores of a head on test samples. The script of the peers computes the same.
 *
 * @param accuracy share of right predictions
 * @param macroF1 mean of the F1 scores of the classes that the test samples have
 * @param ece expected calibration error over 15 bins of equal width
 */
public record HeadScores(double accuracy, double macroF1, double ece) {
    private static final int BINS = 15;

    /** Scores a head; a class that it does not know is never predicted. */
    public static HeadScores of(HeadArtifact artifact, Heads heads, List<String> classes, FeatureSet.Part test) {
        int[] classOf = artifact.labels().stream().mapToInt(classes::indexOf).toArray();
        try (PublishedHead head = PublishedHead.open(artifact, heads)) {
            float[][] logits = head.logits(test.features());
            int[] predicted = new int[test.size()];
            double[] confidence = new double[test.size()];
            for (int i = 0; i < predicted.length; i++) {
                Logits.softmax(logits[i], 0, logits[i].length);
                int best = 0;
                for (int j = 1; j < logits[i].length; j++) {
                    best = logits[i][j] > logits[i][best] ? j : best;
                }
                predicted[i] = classOf[best];
                confidence[i] = logits[i][best];
            }
            return of(test.labels(), predicted, confidence, classes.size());
        }
    }

    private static HeadScores of(int[] expected, int[] predicted, double[] confidence, int classes) {
        int right = 0;
        double[] gaps = new double[BINS];
        int[] hits = new int[classes];
        int[] expectedOf = new int[classes];
        int[] predictedOf = new int[classes];
        for (int i = 0; i < expected.length; i++) {
            int hit = expected[i] == predicted[i] ? 1 : 0;
            right += hit;
            hits[expected[i]] += hit;
            expectedOf[expected[i]]++;
            predictedOf[predicted[i]]++;
            int bin = (int) Math.ceil(confidence[i] * BINS) - 1;
            gaps[Math.max(0, Math.min(BINS - 1, bin))] += hit - confidence[i];
        }
        double f1 = 0;
        int present = 0;
        for (int c = 0; c < classes; c++) {
            if (expectedOf[c] > 0) {
                present++;
                f1 += 2.0 * hits[c] / (expectedOf[c] + predictedOf[c]);
            }
        }
        double gap = 0;
        for (double one : gaps) {
            gap += Math.abs(one);
        }
        return new HeadScores((double) right / expected.length, f1 / present, gap / expected.length);
    }
}
