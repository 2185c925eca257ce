package io.headwater.trainer;

import io.headwater.adapt.Example;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.Limits;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.VersionRef;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Carries out the commands of people on lanes, or refuses them with a message that says what to do. */
final class LaneCommands {
    private final LaneFactory lanes;
    private final SampleLog samples;
    private final LaneMerging merging;
    private final InstantSource clock;

    LaneCommands(LaneFactory lanes, SampleLog samples, LaneMerging merging, InstantSource clock) {
        this.lanes = lanes;
        this.samples = samples;
        this.merging = merging;
        this.clock = clock;
    }

    /**
     * The position at which a command is carried out.
     *
     * @param sample offset after the last sample that was read; -1 when none was
     * @param command offset after the command
     * @param unpublished the events of the next checkpoint so far
     */
    record Position(long sample, long command, CheckpointBuilder unpublished) {}

    /** Returns whether samples that wait for a step must be trained on before the command is carried out. */
    static boolean needsCompleteSteps(Action action) {
        return switch (action) {
            case PAUSE, RESUME, RETRAIN, FORGET, MERGE, MERGE_LABEL, REMOVE_LABEL, RESTORE_LABEL -> true;
            case PROMOTE, ROLLBACK, PIN, UNPIN -> false;
        };
    }

    /** Carries out {@code command} on {@code lane}, whose incomplete steps were taken. */
    Outcome<LaneTrainer> carryOut(Command command, LaneTrainer lane, Position position) {
        Serving serving = lane.serving();
        if (lane.isHeld() && needsLearner(command.action())) {
            return refused(
                    "lane '%s' has lost its newest checkpoint, so that it cannot %s; restore the store from a backup and restart the trainer, or let the lane begin anew with 'headwater retrain'"
                            .formatted(lane.lane(), command.action()));
        }
        return switch (command.action()) {
            case PROMOTE -> serve(lane, command, lane.latest(), false);
            case ROLLBACK -> serve(lane, command, serving == null ? null : serving.previous(), true);
            case PIN -> serve(lane, command, serving == null ? null : serving.version(), true);
            case UNPIN -> unpin(lane, command, serving);
            case PAUSE -> pause(lane, command, position);
            case RESUME -> resume(lane, position);
            case RETRAIN -> retrain(lane, command, position);
            case FORGET -> forget(lane, command, position);
            case MERGE -> merge(lane, command, position);
            case MERGE_LABEL, REMOVE_LABEL, RESTORE_LABEL -> relabel(lane, command, position);
        };
    }

    /** Returns whether an action continues with what the lane has learned. */
    private static boolean needsLearner(Action action) {
        return switch (action) {
            case RESUME, FORGET, MERGE, MERGE_LABEL, REMOVE_LABEL, RESTORE_LABEL -> true;
            case PAUSE, RETRAIN, PROMOTE, ROLLBACK, PIN, UNPIN -> false;
        };
    }

    private Outcome<LaneTrainer> serve(
            LaneTrainer lane, Command command, @Nullable VersionRef unlessNamed, boolean hold) {
        VersionRef named = command.version();
        if (named != null && !belongsTo(lane, named)) {
            return Outcome.rejected(
                    Reason.NO_VERSION,
                    "%s names version %s, which lane '%s' has never published; name one that 'headwater versions' lists for it"
                            .formatted(command.action(), named, lane.lane()));
        }
        VersionRef version = named != null ? named : unlessNamed;
        if (version == null) {
            return Outcome.rejected(
                    Reason.NO_VERSION,
                    "lane '%s' has no version for %s; 'headwater versions' lists what there is"
                            .formatted(command.lane(), command.action()));
        }
        return lane.command(version, reason(command), hold).then(served -> Outcome.ok(lane));
    }

    /**
     * Returns whether {@code version} may serve {@code lane}: a version that it has published, or one of its source that serves it
     * or did so before.
     */
    private boolean belongsTo(LaneTrainer lane, VersionRef version) {
        Serving serving = lane.serving();
        return (serving != null && (version.equals(serving.version()) || version.equals(serving.previous())))
                || (version.lane().equals(lane.lane()) && samples.isPublished(lane.lane(), lane.partition(), version));
    }

    private static Outcome<LaneTrainer> unpin(LaneTrainer lane, Command command, @Nullable Serving serving) {
        if (serving == null || !serving.held()) {
            return refused("lane '%s' has no pinned version; 'headwater pin' pins one".formatted(lane.lane()));
        }
        lane.unpin(serving, reason(command));
        return Outcome.ok(lane);
    }

    private Outcome<LaneTrainer> pause(LaneTrainer lane, Command command, Position position) {
        LaneProgress progress = lane.progress();
        Pause before = progress.pause();
        if (before != null) {
            return refused("lane '%s' is paused since %s already; 'headwater resume' ends the pause"
                    .formatted(lane.lane(), before.since()));
        }
        if (lane.latest() == null && !progress.needsVersion()) {
            return nothingLearned(lane, command);
        }
        progress.pause(new Pause(clock.instant(), reason(command)), position.sample());
        return Outcome.ok(lane);
    }

    private static Outcome<LaneTrainer> resume(LaneTrainer lane, Position position) {
        if (!lane.progress().isPaused()) {
            return refused("lane '%s' is not paused; 'headwater pause' pauses it".formatted(lane.lane()));
        }
        lane.progress().resume(position.sample());
        return Outcome.ok(lane);
    }

    /** What was learned so far becomes a version, because the lane does not continue from it. */
    private Outcome<LaneTrainer> retrain(LaneTrainer lane, Command command, Position position) {
        lane.publish(position.sample(), position.command(), position.unpublished());
        if (lane.latest() == null) {
            return nothingLearned(lane, command);
        }
        lane.restart(lanes.start(lane.lane()));
        return Outcome.ok(lane);
    }

    /** Forgets a sample at all named offsets or, if one of them is refused, at none. */
    private Outcome<LaneTrainer> forget(LaneTrainer lane, Command command, Position position) {
        Outcome<Map<Long, Example>> found;
        try {
            found = learnedAt(lane, command, position);
        } catch (ArtifactException e) {
            return refused(
                    "lane '%s' cannot say whether it has used sample '%s', which has no label: %s; restore the store from a backup, or let the lane begin anew with 'headwater retrain'"
                            .formatted(lane.lane(), command.sampleId(), e.getMessage()));
        }
        return found.then(examples -> {
            if (examples.values().stream().anyMatch(example -> !example.isLabelled())) {
                // What was observed so far becomes a version, so that no sample is forgotten before a replay observes
                // it.
                lane.publish(position.sample(), position.command(), position.unpublished());
            }
            examples.forEach((offset, example) -> lane.forget(example, command.sampleId(), offset));
            return Outcome.ok(lane);
        });
    }

    /** Returns the samples that a command names, by offset; refused when the lane has not learned from one of them. */
    private Outcome<Map<Long, Example>> learnedAt(LaneTrainer lane, Command command, Position position) {
        if (command.offsets().isEmpty() || command.offsets().size() > Limits.OFFSETS) {
            return refused("FORGET must name 1 to %d offsets of the sample, but names %d; 'headwater forget' finds them"
                    .formatted(Limits.OFFSETS, command.offsets().size()));
        }
        LearnedSamples learned = learned(lane, position);
        Map<Long, Example> examples = new TreeMap<>();
        for (long offset : command.offsets()) {
            Outcome<Example> found = samples.example(lane.lane(), lane.partition(), command.sampleId(), offset);
            boolean isNew = lane.progress().contains(offset, position.sample());
            if (found instanceof Outcome.Ok<Example> ok
                    && !ok.value().isLabelled()
                    && wasIgnored(lane, learned, offset, isNew)) {
                continue;
            }
            if (!isNew && (!learned.contains(offset) || lane.progress().hasForgotten(offset))) {
                return refused(
                        "lane '%s' has learned from no sample at offset %d since it began, or has forgotten it; 'headwater lanes show' lists the offsets"
                                .formatted(lane.lane(), offset));
            }
            if (found instanceof Outcome.Rejected<Example> rejected) {
                return new Outcome.Rejected<>(rejected.rejection());
            }
            Example example = ((Outcome.Ok<Example>) found).value();
            if (example.label() instanceof ClassLabel label && wasRefused(lane, learned, offset, label.name())) {
                return refused(
                        "lane '%s' has not learned from the sample at offset %d, because class '%s' had been removed; there is nothing to forget"
                                .formatted(lane.lane(), offset, label.name()));
            }
            examples.put(offset, example);
        }
        if (examples.isEmpty()) {
            return refused(
                    "lane '%s' has learned nothing from sample '%s', which has no label and came while training.unlabelled was ignore; there is nothing to forget"
                            .formatted(lane.lane(), command.sampleId()));
        }
        return Outcome.ok(examples);
    }

    /** Returns whether a sample without a label was counted only, so that nothing depends on it. */
    private static boolean wasIgnored(LaneTrainer lane, LearnedSamples learned, long offset, boolean isNew) {
        return !lane.usesUnlabelled()
                || (!isNew
                        && learned.contains(offset)
                        && !lane.observedOf(learned).contains(offset));
    }

    private LearnedSamples learned(LaneTrainer lane, Position position) {
        List<ModelVersion> unpublished = position.unpublished().versions().stream()
                .filter(version -> version.ref().lane().equals(lane.lane()))
                .toList();
        return samples.learned(lane.lane(), lane.partition(), lane.parent(), unpublished);
    }

    private static boolean wasRefused(LaneTrainer lane, LearnedSamples learned, long offset, String label) {
        return learned.refuses(offset, label) || lane.progress().refuses(offset, label);
    }

    /** What was learned so far becomes a version, so that the change is the first event of the next one. */
    private Outcome<LaneTrainer> relabel(LaneTrainer lane, Command command, Position position) {
        String label = command.label();
        if (label.isEmpty()
                || (command.action() == Action.MERGE_LABEL && command.into().isEmpty())) {
            return refused(
                    "%s must name the classes; 'headwater labels' lists those of a lane".formatted(command.action()));
        }
        LearnedSamples learned = learned(lane, position);
        for (long offset : command.offsets()) {
            boolean isNew = lane.progress().contains(offset, position.sample());
            if ((!isNew && (!learned.contains(offset) || lane.progress().hasForgotten(offset)))
                    || wasRefused(lane, learned, offset, label)) {
                return refused(
                        "lane '%s' has learned from no sample of class '%s' at offset %d since it began, or has forgotten it; 'headwater labels remove' finds those that it has"
                                .formatted(lane.lane(), label, offset));
            }
        }
        Outcome<LaneTrainer> relabelled = samples.examples(lane.lane(), lane.partition(), label, command.offsets())
                .then(taken -> {
                    lane.publish(position.sample(), position.command(), position.unpublished());
                    return lane.relabel(command.action(), label, command.into(), taken, command.offsets());
                });
        return relabelled instanceof Outcome.Rejected<LaneTrainer> rejected
                ? refused("lane '%s' cannot carry %s out: %s"
                        .formatted(
                                lane.lane(),
                                command.action(),
                                rejected.rejection().message()))
                : relabelled;
    }

    /** What was learned so far becomes a version, so that the merge is the first event of the next one. */
    private Outcome<LaneTrainer> merge(LaneTrainer lane, Command command, Position position) {
        VersionRef version = command.version();
        if (version == null) {
            return refused("MERGE must name a version of another lane; 'headwater merge' names the newest one");
        }
        lane.publish(position.sample(), position.command(), position.unpublished());
        return merging.merge(lane, version, position.unpublished().versions());
    }

    private static Outcome<LaneTrainer> nothingLearned(LaneTrainer lane, Command command) {
        return Outcome.rejected(
                Reason.NO_VERSION,
                "lane '%s' has no version yet, so that %s has no effect; send it samples first"
                        .formatted(lane.lane(), command.action()));
    }

    private static <T> Outcome<T> refused(String message) {
        return Outcome.rejected(Reason.REFUSED, message);
    }

    private static String reason(Command command) {
        return "%s by %s: %s".formatted(command.action(), command.by(), command.reason());
    }
}
