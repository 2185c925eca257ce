package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.adapt.LaneSums;
import io.headwater.adapt.SampleScores;
import io.headwater.adapt.StepReport;
import io.headwater.adapt.drift.Drift;
import io.headwater.adapt.judge.Verdict;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import io.headwater.task.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of one lane in its trainer: the learner, the samples that wait for a step, and the data that the next
 * version will record.
 */
final class LaneTrainer implements AutoCloseable {
    private final Lane lane;
    private final int partition;
    private final LaneContext context;
    private final LaneProgress progress;
    private final List<Example> pending = new ArrayList<>();
    private final List<SampleScores> scores = new ArrayList<>();
    private final Function<VersionRef, LaneLearner> continued;
    private @Nullable LaneLearner learner;
    private @Nullable VersionRef parent;
    private @Nullable VersionRef latest;
    private @Nullable Serving serving;
    private boolean servingIsNew;
    private boolean decisionIsNew;
    private boolean held;
    /** Whether the learner is not as its newest checkpoint has it, although it has learned nothing since. */
    private boolean unsaved;

    private Instant pendingSince = Instant.MAX;

    /**
     * Creates a lane.
     *
     * @param start its learner, and the version that this learner continues from
     * @param latest its newest version; null before the first one
     * @param progress what happened since its newest version
     * @param continued returns the learner of a version of the lane, with which a lane goes on that has left memory
     */
    LaneTrainer(
            Lane lane,
            int partition,
            LaneContext context,
            LaneStart start,
            @Nullable VersionRef latest,
            LaneProgress progress,
            Function<VersionRef, LaneLearner> continued) {
        this.lane = lane;
        this.partition = partition;
        this.context = context;
        this.learner = start.learner();
        this.parent = start.origin();
        this.latest = latest;
        this.progress = progress;
        this.continued = continued;
    }

    /** Sets the version that serves this lane when it starts from another lane. */
    void startWith(Serving start) {
        learner().restoreChampion(context.head(start.version().artifact()));
        announce(withThresholds(start).withServedSince(start.since()));
    }

    private void announce(Serving decision) {
        serving = decision;
        servingIsNew = true;
        decisionIsNew = true;
    }

    private Serving withThresholds(Serving decision) {
        return decision.withThresholds(learner().thresholds().published().orElse(null));
    }

    /** Sets the version that serves when the lane is restored from a checkpoint saved at {@code savedAt}. */
    void resume(Serving current, Instant savedAt) {
        compare(learner(), current, savedAt);
        serving = current;
    }

    /**
     * Lets a learner that comes from a checkpoint saved at {@code savedAt} go on with the comparison. If a person
     * chose the serving version after that time, the saved comparison refers to the previous champion.
     */
    private void compare(LaneLearner restored, Serving current, Instant savedAt) {
        HeadArtifact head = context.head(current.version().artifact());
        if (current.decidedBy() == DecidedBy.PERSON && current.since().isAfter(savedAt)) {
            restored.promote(head);
        } else {
            restored.restoreChampion(head);
        }
        VersionRef newest = latest;
        if (newest != null && !newest.equals(current.version())) {
            restored.consider(newest, () -> context.head(newest.artifact()));
        }
    }

    /** Returns the learner, which comes back from its checkpoint if the lane sleeps. */
    private LaneLearner learner() {
        LaneLearner awake = learner;
        if (awake == null) {
            awake = woken(Objects.requireNonNull(latest));
            learner = awake;
        }
        return awake;
    }

    private LaneLearner woken(VersionRef newest) {
        LaneLearner woken = null;
        try {
            woken = continued.apply(newest);
            if (serving != null) {
                compare(woken, serving, progress.savedAt());
            }
            return woken;
        } catch (ArtifactException | ReplayException e) {
            if (woken != null) {
                woken.close();
            }
            // The trainer restores all lanes then, and holds those that have lost something.
            throw new UncheckedIOException(
                    new IOException("lane '%s' cannot go on from its checkpoint".formatted(lane), e));
        }
    }

    /** Returns whether the newest checkpoint of the lane says everything about its learner, which is awake. */
    boolean maySleep() {
        return learner != null
                && latest != null
                && !held
                && !unsaved
                && !servingIsNew
                && pending.isEmpty()
                && scores.isEmpty()
                && !progress.isPaused()
                && !progress.isRestarted()
                && !progress.needsVersion();
    }

    /** Lets the learner leave memory until it is needed again. */
    void sleep() {
        close();
        learner = null;
    }

    /** Returns about how many bytes of memory the lane takes while it is awake. */
    long bytes() {
        return learner().bytes();
    }

    /** Pauses the lane, because its learner is lost and only takes the place of one. */
    void hold(String reason) {
        held = true;
        if (!progress.isPaused()) {
            progress.pause(new Pause(context.clock().instant(), reason), progress.nextOffset());
        }
    }

    /** Returns whether the learner is lost, so that the lane can only begin anew. */
    boolean isHeld() {
        return held;
    }

    Outcome<Example> accept(Example example) {
        Outcome<Target> usable =
                progress.isPaused() ? learner().validate(example) : learner().admit(example);
        return usable.then(target -> {
            if (pending.isEmpty()) {
                pendingSince = context.clock().instant();
            }
            pending.add(example);
            return Outcome.ok(example);
        });
    }

    /** Counts a sample without a label, and observes it if such samples are used and the lane is not paused. */
    void observeUnlabelled(Example example, long offset) {
        boolean used = !progress.isPaused() && context.usesUnlabelled();
        progress.countUnlabelled(offset, used);
        if (used) {
            learner().observeUnlabelled(example);
        }
    }

    boolean stepIsFull() {
        return pending.size() >= context.config().training().batchSize();
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** Returns whether the next checkpoint contains what the lane has learned or scored since the one before; it is awake then. */
    boolean hasLearned() {
        return hasPending() || progress.needsVersion();
    }

    /** Returns the time at which the oldest sample that waits for a step arrived. */
    Instant pendingSince() {
        return pendingSince;
    }

    Lane lane() {
        return lane;
    }

    /** Takes a step; in a pause, it only scores the samples, and the loss is NaN. */
    StepReport step() {
        StepReport report;
        if (progress.isPaused()) {
            report = new StepReport(learner().score(pending), Double.NaN);
        } else {
            report = learner().step(pending);
            progress.step(pending.size(), report.corrected());
        }
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
        try {
            context.renew(version);
        } catch (ArtifactException e) {
            return cannotServe(version, String.valueOf(e.getMessage()));
        }
        learner().promote(head);
        unsaved = true;
        decide(version, DecidedBy.PERSON, reason, hold);
        return Outcome.ok(version);
    }

    private Outcome<VersionRef> cannotServe(VersionRef version, String why) {
        return Outcome.rejected(
                Reason.NO_VERSION,
                "version %s cannot serve lane '%s': %s; 'headwater versions' lists what can"
                        .formatted(version, lane, why));
    }

    /** Lets the lane decide about later versions again; the comparison with the champion starts again. */
    void unpin(Serving pinned, String reason) {
        learner().promote(context.head(pinned.version().artifact()));
        unsaved = true;
        Serving unpinned = new Serving(
                pinned.version(),
                pinned.previous(),
                DecidedBy.PERSON,
                reason,
                false,
                context.clock().instant());
        announce(withThresholds(unpinned).withServedSince(pinned.beginning()));
        progress.markChanged();
    }

    /** Lets the lane begin anew from {@code start}; all its steps must be published. The champion keeps serving. */
    void restart(LaneStart start) {
        close();
        learner = start.learner();
        unsaved = true;
        held = false;
        parent = start.origin();
        if (serving != null) {
            learner().restoreChampion(context.head(serving.version().artifact()));
        }
        progress.restart(new Restart(start.origin(), context.clock().instant()));
    }

    /**
     * Returns those of the samples of its versions that its learner has observed if they have no label: a version that was made
     * while such samples were ignored keeps nothing of those before it.
     *
     * @throws ArtifactException when the configuration of a version is not in the store
     */
    LearnedSamples observedOf(LearnedSamples learned) {
        Map<Digest, Boolean> used = new HashMap<>();
        return learned.newestWhile(lineage -> used.computeIfAbsent(lineage.configuration(), context::usedUnlabelled));
    }

    /** Returns whether the lane uses samples without a label. */
    boolean usesUnlabelled() {
        return context.usesUnlabelled();
    }

    /** Forgets the sample at {@code offset}, which the lane has learned from. */
    void forget(Example example, String sampleId, long offset) {
        progress.forget(sampleId, offset, learner().forget(example).remaining());
    }

    /**
     * Changes a class as a person wants; all steps of the lane must be published.
     *
     * @param taken samples of a removed class that are taken out of what the lane has learned
     * @param offsets their offsets
     */
    Outcome<LaneTrainer> relabel(Action action, String label, String into, List<Example> taken, List<Long> offsets) {
        return learner().changeLabel(action, label, into, taken).then(parts -> {
            progress.relabel(new LabelEdit(action, label, into, offsets, parts));
            return Outcome.ok(this);
        });
    }

    /** Returns whether the lane began with what another lane had learned. */
    boolean startedElsewhere() {
        return learner().isStarted();
    }

    /** Returns what the lane knows of its samples; empty when it is trained by gradients. */
    Optional<LaneSums> sums() {
        return learner().sums();
    }

    /**
     * Adds what a version of another lane knows of its samples; all steps of the lane must be published.
     *
     * @param less what the lane knows of the same samples already; null when there are none
     */
    Outcome<LaneTrainer> merge(MergedVersion version, LaneSums other, @Nullable LaneSums less) {
        return learner().merge(other, less).then(merged -> {
            progress.merge(version);
            return Outcome.ok(this);
        });
    }

    int partition() {
        return partition;
    }

    /** Returns the version that the learner continues from; null when it began untrained. */
    @Nullable
    VersionRef parent() {
        return parent;
    }

    /** Returns which version serves, and why; null when none does. */
    @Nullable
    Serving serving() {
        return serving;
    }

    LaneProgress progress() {
        return progress;
    }

    /** Returns the newest version of this lane; null before the first one. */
    @Nullable
    VersionRef latest() {
        return latest;
    }

    /**
     * Adds the unpublished events of this lane to a checkpoint.
     *
     * @param samplesOffset offset after the last sample that was read; -1 when none was
     * @param commandsOffset offset after the last command that was read; -1 when none was
     */
    void publish(long samplesOffset, long commandsOffset, CheckpointBuilder into) {
        long toOffset = Math.max(progress.nextOffset(), samplesOffset);
        if (progress.needsVersion()) {
            publishVersion(toOffset, commandsOffset, into);
        } else if (latest != null && (progress.needsState() || !scores.isEmpty())) {
            publishState(latest, toOffset, commandsOffset, into);
        }
        if (servingIsNew && serving != null) {
            into.serving(lane, serving);
            if (decisionIsNew) {
                into.decision(lane, serving);
            }
            servingIsNew = false;
            decisionIsNew = false;
        }
    }

    /**
     * Records that samples of the partition were lost.
     *
     * @param range their offsets, where they have any on the samples topic; null when this topic was created anew
     * @param text what happened, for people
     */
    void lose(@Nullable OffsetRange range, String text, CheckpointBuilder into) {
        if (range == null) {
            progress.markChanged();
        } else {
            progress.lose(range);
        }
        into.evaluation(new Evaluation(
                lane,
                Kind.LOST,
                serving == null ? null : serving.version().number(),
                null,
                range == null ? progress.nextOffset() : range.from(),
                range == null ? progress.nextOffset() : range.to(),
                0,
                Map.of(),
                text,
                context.clock().instant()));
    }

    /** Returns whether the published thresholds of the serving version no longer hold the coverage. */
    boolean thresholdsAreDue() {
        return learner != null && learner().thresholds().areDue();
    }

    /**
     * Publishes new thresholds when those of the serving version no longer hold the coverage.
     *
     * @return the serving version with its new thresholds; empty when nothing changes, or when the next checkpoint
     *     announces another version anyway
     */
    Optional<Serving> newThresholds() {
        Serving current = serving;
        if (current == null || servingIsNew || !thresholdsAreDue()) {
            return Optional.empty();
        }
        learner().thresholds().publish();
        unsaved = true;
        serving = withThresholds(current);
        return Optional.of(serving);
    }

    /** Adds the scores of samples that were read in a pause, and the state that covers them. */
    private void publishState(VersionRef version, long toOffset, long commandsOffset, CheckpointBuilder into) {
        if (!scores.isEmpty()) {
            into.evaluation(evaluations(toOffset, context.clock().instant()).prequential());
            scores.clear();
        }
        into.state(progress.state(version, toOffset, commandsOffset));
    }

    private VersionEvaluations evaluations(long toOffset, Instant now) {
        return new VersionEvaluations(
                lane,
                serving == null ? null : serving.version().number(),
                progress.nextOffset(),
                toOffset,
                now,
                List.copyOf(scores),
                learner().contenders(),
                learner().thresholds().takeCoverage(),
                context.goal());
    }

    private void publishVersion(long toOffset, long commandsOffset, CheckpointBuilder into) {
        Instant now = context.clock().instant();
        HeadArtifact head = learner().artifact();
        Digest artifact = context.store().put(head.toBytes());
        VersionEvaluations evaluations = evaluations(toOffset, now);
        Verdict verdict = learner()
                .promoteIfBetter(head, serving != null && serving.held(), serving == null ? null : serving.version());
        learner().thresholds().publish();
        // The checkpoint is taken after the verdict, so that a trainer that continues from it compares with the same
        // champion.
        long number = latest == null ? 1 : latest.number() + 1;
        VersionRef version = new VersionRef(lane, number, artifact, learner().save(context.store(), mayServe(verdict)));
        unsaved = false;
        Lineage lineage = progress.lineage(parent, partition, toOffset, context.baseModel(), context.configuration());
        progress.versionSaved(toOffset, now);
        into.version(
                new ModelVersion(version, lineage, head.labels(), learner().samples(), now, context.environment()));
        into.state(progress.state(version, toOffset, commandsOffset));
        into.evaluation(evaluations.prequential());
        into.evaluation(evaluations.of(number, verdict));
        learner().takeNotices().forEach(notice -> into.evaluation(evaluations.of(notice)));
        learner().takeDrifts().forEach(drift -> into.drift(signal(drift, toOffset, now)));
        serve(verdict, version, head);
        latest = version;
        parent = version;
        scores.clear();
    }

    /** Returns the artifacts of the versions that serve by now, which a checkpoint names so that nobody deletes them. */
    private Set<Digest> mayServe(Verdict verdict) {
        return Stream.of(
                        verdict.earlier(),
                        serving == null ? null : serving.version(),
                        serving == null ? null : serving.previous())
                .filter(Objects::nonNull)
                .flatMap(version -> Stream.of(version.artifact(), version.checkpoint()))
                .collect(Collectors.toSet());
    }

    /** Carries the verdict on {@code version} out; when nothing else serves, only new thresholds are announced. */
    private void serve(Verdict verdict, VersionRef version, HeadArtifact head) {
        VersionRef earlier = verdict.earlier();
        if (verdict.servesPublished()) {
            decide(version, DecidedBy.GATE, verdict.reason(), false);
            return;
        }
        if (earlier != null) {
            decide(earlier, DecidedBy.GATE, verdict.reason(), false);
        } else if (serving != null) {
            Serving renewed = withThresholds(serving);
            servingIsNew |= !renewed.equals(serving);
            serving = renewed;
        }
        learner().consider(version, () -> head);
    }

    private DriftSignal signal(Drift drift, long toOffset, Instant now) {
        return new DriftSignal(
                lane,
                drift.detector(),
                DriftSignal.Level.valueOf(drift.level().name()),
                drift.signal(),
                drift.statistic(),
                drift.threshold(),
                toOffset,
                now);
    }

    private void decide(VersionRef version, DecidedBy by, String reason, boolean hold) {
        Instant now = context.clock().instant();
        VersionRef previous = serving == null ? null : serving.version();
        Instant beginning = serving == null ? now : serving.beginning();
        announce(withThresholds(new Serving(version, previous, by, reason, hold, now))
                .withServedSince(beginning));
        progress.markChanged();
    }

    @Override
    public void close() {
        LaneLearner awake = learner;
        if (awake != null) {
            awake.close();
        }
    }
}
