package io.headwater.adapt;

import io.headwater.adapt.judge.Verdict;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.VersionRef;
import io.headwater.task.ScoredPrediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lane that is learned in closed form, and the versions that serve it: after each publication the newest version is
 * promoted when the lane allows it.
 */
final class ClosedLane implements AutoCloseable {
    private static final Lane LANE = new Lane("lanes", "here");

    private final AdaptationConfig config;
    private final List<HeadArtifact> versions = new ArrayList<>();
    private LaneLearner learner;
    private @Nullable VersionRef serving;

    ClosedLane(AdaptationConfig config, LaneLearner learner) {
        this.config = config;
        this.learner = learner;
    }

    /** Returns the defaults with a replay memory of {@code capacity} samples, and three classes in a fixed order. */
    static AdaptationConfig config(int capacity) {
        return AdaptationConfig.of("lanes", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withLabels(List.of("c0", "c1", "c2"))
                .withReplay(new ReplayConfig(capacity, 0));
    }

    static ClosedLane untrained(AdaptationConfig config) {
        return new ClosedLane(config, LaneStream.untrained(config));
    }

    LaneLearner learner() {
        return learner;
    }

    /** Learns in steps of four samples and publishes a version after each fourth step; returns the last verdict. */
    Verdict learn(List<Example> samples) {
        Verdict last = null;
        for (int from = 0; from < samples.size(); from += 16) {
            LaneStream.learn(learner, samples.subList(from, Math.min(from + 16, samples.size())), 4);
            last = publish(learner.artifact());
        }
        return Objects.requireNonNull(last, "a lane must learn from at least one sample");
    }

    /** Publishes a version. */
    Verdict publish(HeadArtifact version) {
        versions.add(version);
        Verdict verdict = learner.promoteIfBetter(version, false, serving);
        VersionRef published = new VersionRef(LANE, versions.size(), Digest.of(version.toBytes()), LaneStream.BASE);
        if (verdict.servesPublished()) {
            serving = published;
        } else {
            serving = verdict.earlier() == null ? serving : verdict.earlier();
            learner.consider(published, () -> version);
        }
        return verdict;
    }

    /** Returns the version that serves, which there must be. */
    HeadArtifact champion() {
        return versions.get((int) serving().number() - 1);
    }

    VersionRef serving() {
        if (serving == null) {
            throw new IllegalStateException("no version serves yet");
        }
        return serving;
    }

    /** Closes the lane, and restores it from its checkpoint. */
    void restart() {
        byte[] checkpoint = learner.checkpoint();
        learner.close();
        learner = LaneLearner.restored(config, LaneStream.goal(config), LaneStream.heads(config), checkpoint);
        if (serving != null) {
            learner.restoreChampion(champion());
        }
        HeadArtifact newest = versions.get(versions.size() - 1);
        VersionRef published = new VersionRef(LANE, versions.size(), Digest.of(newest.toBytes()), LaneStream.BASE);
        if (!published.equals(serving)) {
            learner.consider(published, () -> newest);
        }
    }

    /** Returns the fraction of samples for which the serving version predicts the right class. */
    double accuracy(List<Example> samples) {
        return accuracy(config, champion(), samples);
    }

    static double accuracy(AdaptationConfig config, HeadArtifact version, List<Example> samples) {
        try (PublishedHead head = PublishedHead.open(version, LaneStream.heads(config))) {
            return head.scored(LaneStream.goal(config), samples).stream()
                    .mapToDouble(ScoredPrediction::score)
                    .average()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        learner.close();
    }
}
