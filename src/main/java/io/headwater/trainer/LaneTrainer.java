package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.adapt.judge.Verdict;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one lane in its trainer: the learner, the samples that wait for a step, and the data that the next
 * version will record.
 */
final class LaneTrainer implements AutoCloseable {
    private final Lane lane;
    private final int partition;
    private final LaneContext context;
    private final LaneLearner learner;
    private final List<Example> pending = new ArrayList<>();
    private final List<Integer> steps = new ArrayList<>();
    private final List<SampleScores> scores = new ArrayList<>();
    private final @Nullable VersionRef origin;
    private @Nullable VersionRef latest;
    private @Nullable Serving serving;
    private boolean servingIsNew;
    private long fromOffset;
    private Instant pendingSince = Instant.MAX;

    /**
     * Creates a lane.
     *
     * @param origin the version of another lane that it started from; null when it started untrained or has versions
     * @param latest its newest version; null before the first one
     * @param fromOffset offset of the first sample that the next version can be trained on
     */
    LaneTrainer(
            Lane lane,
            int partition,
            LaneContext context,
            LaneLearner learner,
            @Nullable VersionRef origin,
            @Nullable VersionRef latest,
            long fromOffset) {
        this.lane = lane;
        this.partition = partition;
        this.context = context;
        this.learner = learner;
        this.origin = origin;
        this.latest = latest;
        this.fromOffset = fromOffset;
    }

    /** Sets the version that serves this lane when it starts from another lane. */
    void startWith(Serving start) {
        learner.restoreChampion(context.head(start.version().artifact()));
        serving = start;
        servingIsNew = true;
    }

    /**
     * Sets the version that serves when the lane is restored from a checkpoint saved at {@code savedAt}. If a person
     * chose this version after that time, the saved comparison refers to the previous champion.
     */
    void resume(Serving current, Instant savedAt) {
        HeadArtifact head = context.head(current.version().artifact());
        if (current.decidedBy() == DecidedBy.PERSON && current.since().isAfter(savedAt)) {
            learner.promote(head);
        } else {
            learner.restoreChampion(head);
        }
        serving = current;
    }

    Outcome<Example> accept(Example example) {
        return learner.admit(example).then(target -> {
            if (pending.isEmpty()) {
                pendingSince = context.clock().instant();
            }
            pending.add(example);
            return Outcome.ok(example);
        });
    }

    boolean stepIsFull() {
        return pending.size() >= context.config().training().batchSize();
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** Returns the time at which the oldest sample that waits for a step arrived. */
    Instant pendingSince() {
        return pendingSince;
    }

    Lane lane() {
        return lane;
    }

    StepReport step() {
        StepReport report = learner.step(pending);
        steps.add(pending.size());
        scores.addAll(report.scores());
        pending.clear();
        pendingSince = Instant.MAX;
        return report;
    }

    /** Lets a version serve at the request of a person; rejected when that is impossible. */
    Outcome<VersionRef> command(VersionRef version, String reason, boolean hold) {
        HeadArtifact head;
        try {
            head = context.head(version.artifact());
        } catch (ArtifactException e) {
            return cannotServe(version, String.valueOf(e.getMessage()));
        }
        if (!head.baseModel().equals(context.baseModel())) {
            return cannotServe(version, "it was learned on base model " + head.baseModel());
        }
        if (!context.store().contains(version.checkpoint())) {
            return cannotServe(version, "its checkpoint " + version.checkpoint() + " is not in the artifact store");
        }
        learner.promote(head);
        decide(version, DecidedBy.PERSON, reason, hold);
        return Outcome.ok(version);
    }

    private Outcome<VersionRef> cannotServe(VersionRef version, String why) {
        return Outcome.rejected(
                Reason.NO_VERSION,
                "version %s cannot serve lane '%s': %s; 'headwater versions' lists what can"
                        .formatted(version, lane, why));
    }

    /** Returns the previous champion; null when there is none. */
    @Nullable
    VersionRef previousChampion() {
        return serving == null ? null : serving.previous();
    }

    /** Returns the offset of the first sample that the next version can be trained on. */
    long fromOffset() {
        return fromOffset;
    }

    /** Returns the newest version of this lane; null before the first one. */
    @Nullable
    VersionRef latest() {
        return latest;
    }

    /** Adds the unpublished events of this lane to a checkpoint that covers all samples before {@code toOffset}. */
    void publish(long toOffset, CheckpointBuilder into) {
        if (!steps.isEmpty()) {
            publishVersion(toOffset, into);
        }
        if (servingIsNew && serving != null) {
            into.serving(lane, serving);
            servingIsNew = false;
        }
    }

    private void publishVersion(long toOffset, CheckpointBuilder into) {
        Instant now = context.clock().instant();
        HeadArtifact head = learner.artifact();
        Digest artifact = context.store().put(head.toBytes());
        VersionEvaluations evaluations = new VersionEvaluations(
                lane,
                serving == null ? null : serving.version().number(),
                fromOffset,
                toOffset,
                now,
                List.copyOf(scores),
                context.goal());
        Verdict verdict = learner.promoteIfBetter(head, serving != null && serving.held());
        // The checkpoint is taken after the verdict, so that a trainer that continues from it compares with the same
        // champion.
        VersionRef parent = latest != null ? latest : origin;
        long number = latest == null ? 1 : latest.number() + 1;
        VersionRef version =
                new VersionRef(lane, number, artifact, context.store().put(learner.checkpoint()));
        Lineage lineage = new Lineage(
                parent, partition, fromOffset, toOffset, steps, context.baseModel(), context.configuration());
        into.version(new ModelVersion(version, lineage, head.labels(), learner.samples(), now, context.environment()));
        into.state(new TrainerState(version, toOffset, now));
        into.evaluation(evaluations.prequential());
        into.evaluation(evaluations.of(number, verdict));
        if (verdict.promoted()) {
            decide(version, DecidedBy.GATE, verdict.reason(), false);
        }
        latest = version;
        fromOffset = toOffset;
        steps.clear();
        scores.clear();
    }

    private void decide(VersionRef version, DecidedBy by, String reason, boolean hold) {
        VersionRef previous = serving == null ? null : serving.version();
        serving =
                new Serving(version, previous, by, reason, hold, context.clock().instant());
        servingIsNew = true;
    }

    @Override
    public void close() {
        learner.close();
    }
}
