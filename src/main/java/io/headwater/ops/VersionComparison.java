package io.headwater.ops;

import io.headwater.adapt.Example;
import io.headwater.adapt.Examples;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneClasses;
import io.headwater.adapt.PublishedHead;
import io.headwater.adapt.judge.DifferenceInterval;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The scores of two versions of a lane on the same samples.
 *
 * @param metric name of the score
 * @param samples number of samples
 * @param a the first version
 * @param b the second version
 * @param difference mean score of {@code b} minus that of {@code a}
 * @param interval interval that contains the expected difference with the probability {@code level}
 * @param level 0.95
 * @param differ number of samples for which the predictions differ
 */
public record VersionComparison(
        String metric,
        int samples,
        Side a,
        Side b,
        double difference,
        DifferenceInterval interval,
        double level,
        int differ) {
    private static final double LEVEL = 0.95;
    private static final int CHUNK = 32;

    /**
     * One of the versions.
     *
     * @param version number of the version
     * @param score its mean score, from 0 to 1
     * @param better number of samples on which its score is the higher one
     * @param learned number of samples that it was trained on, which makes its score too good
     */
    public record Side(long version, double score, int better, int learned) {}

    /** Returns whether one of the versions was trained on some of the samples. */
    public boolean isFlattered() {
        return a.learned() + b.learned() > 0;
    }

    /**
     * Scores a version on samples, by what their classes mean by now: a version from before two classes were merged is wrong where
     * it predicts the one that went.
     *
     * @param runtime the adaptation with the configuration of the version
     * @param classes the present classes of the lane; samples of removed ones are left out
     * @return the prediction for each valid sample by its offset
     */
    public static Map<Long, ScoredPrediction> scores(
            AdaptationRuntime runtime,
            ModelVersion version,
            LaneClasses classes,
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<Long, ScoredPrediction> scores = new HashMap<>();
        Examples examples = new Examples(runtime.task(), runtime.featurizer());
        HeadArtifact artifact =
                HeadArtifact.fromBytes(runtime.store().get(version.ref().artifact()));
        try (PublishedHead head = PublishedHead.open(artifact, runtime.heads())) {
            for (int from = 0; from < records.size(); from += CHUNK) {
                List<ConsumerRecord<byte[], byte[]>> chunk =
                        records.subList(from, Math.min(from + CHUNK, records.size()));
                List<Outcome<Example>> made = examples.of(chunk.stream()
                        .map(record -> pair(runtime, classes, record.value()))
                        .toList());
                List<Long> offsets = new ArrayList<>();
                List<Example> valid = new ArrayList<>();
                for (int i = 0; i < made.size(); i++) {
                    if (made.get(i) instanceof Outcome.Ok<Example> ok) {
                        offsets.add(chunk.get(i).offset());
                        valid.add(ok.value());
                    }
                }
                if (!valid.isEmpty()) {
                    List<ScoredPrediction> scored = head.scored(runtime.task().goal(), valid);
                    for (int i = 0; i < valid.size(); i++) {
                        scores.put(offsets.get(i), scored.get(i));
                    }
                }
            }
        }
        return scores;
    }

    private static Outcome<Examples.Pair> pair(
            AdaptationRuntime runtime, LaneClasses classes, byte @Nullable [] value) {
        return runtime.codec()
                .decode(EventType.SAMPLE, value)
                .then(sample -> meant(sample.label(), classes)
                        .then(label -> Outcome.ok(new Examples.Pair(sample.payload(), label))));
    }

    /** Returns what a label means by now; a sample without one is not compared. */
    private static Outcome<Label> meant(@Nullable Label label, LaneClasses classes) {
        return label == null
                ? Outcome.rejected(Reason.BAD_LABEL, "the sample has no label by which versions could be compared")
                : classes.meant(label);
    }

    /**
     * Compares two versions.
     *
     * @param samples the samples, and which version was trained on them
     * @param first scores of {@code a} by offset
     * @param second scores of {@code b} by offset
     * @throws IllegalArgumentException when no sample is valid for both
     */
    public static VersionComparison of(
            String metric,
            ComparisonSamples samples,
            Map<Long, ScoredPrediction> first,
            Map<Long, ScoredPrediction> second) {
        List<Long> offsets = samples.records().stream()
                .map(ConsumerRecord::offset)
                .filter(offset -> first.containsKey(offset) && second.containsKey(offset))
                .toList();
        if (offsets.isEmpty()) {
            throw new IllegalArgumentException(
                    "lane '%s' has no valid sample on the log; send it labelled samples".formatted(samples.lane()));
        }
        Tally a = new Tally();
        Tally b = new Tally();
        int differ = 0;
        double[] differences = new double[offsets.size()];
        for (int i = 0; i < differences.length; i++) {
            long offset = offsets.get(i);
            ScoredPrediction ofA = Objects.requireNonNull(first.get(offset));
            ScoredPrediction ofB = Objects.requireNonNull(second.get(offset));
            differences[i] = ofB.score() - ofA.score();
            a.add(ofA, ofB, samples.first().contains(offset));
            b.add(ofB, ofA, samples.second().contains(offset));
            Label predicted = ofA.predicted();
            differ += predicted.equals(ofB.predicted()) ? 0 : 1;
        }
        Side sideA = a.side(samples.a(), differences.length);
        Side sideB = b.side(samples.b(), differences.length);
        return new VersionComparison(
                metric,
                differences.length,
                sideA,
                sideB,
                sideB.score() - sideA.score(),
                DifferenceInterval.of(differences, LEVEL),
                LEVEL,
                differ);
    }

    private static final class Tally {
        private double sum;
        private int better;
        private int learned;

        void add(ScoredPrediction own, ScoredPrediction other, boolean isLearned) {
            sum += own.score();
            better += own.score() > other.score() ? 1 : 0;
            learned += isLearned ? 1 : 0;
        }

        Side side(ModelVersion version, int samples) {
            return new Side(version.ref().number(), sum / samples, better, learned);
        }
    }
}
