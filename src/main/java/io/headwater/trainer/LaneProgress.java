package io.headwater.trainer;

import io.headwater.domain.Command.Action;
import io.headwater.domain.Digest;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a lane since its newest version, for the lineage of the next one: steps, offsets that were passed
 * over in a pause, forgotten and corrected samples, a merged version, and a changed class.
 */
final class LaneProgress {
    private final List<Integer> steps = new ArrayList<>();
    private final List<OffsetRange> skipped = new ArrayList<>();
    private final List<ForgottenSample> forgotten = new ArrayList<>();
    private @Nullable MergedVersion merged;
    private @Nullable LabelEdit relabelled;
    private final List<OffsetRange> lost = new ArrayList<>();
    private final List<Long> corrected = new ArrayList<>();
    private final String samplesTopic;
    private final @Nullable Instant begun;
    private long fromOffset;
    private long nextOffset;
    private long skippedFrom;
    private Instant savedAt = Instant.EPOCH;
    private @Nullable Pause pause;
    private @Nullable Restart restart;
    private long commandsOffset;
    private boolean changed;
    private long unlabelled;
    private boolean usedUnlabelled;
    private long unlabelledOffset;

    /**
     * Creates the progress of a lane whose first sample is at {@code offset} of the topic with the id {@code topic}.
     *
     * @param begun the timestamp of its record; null when it is not known
     */
    LaneProgress(long offset, String topic, @Nullable Instant begun) {
        fromOffset = offset;
        nextOffset = offset;
        samplesTopic = topic;
        this.begun = begun;
    }

    /** Restores the progress that {@link #state} returned. */
    static LaneProgress of(TrainerState state) {
        LaneProgress progress = new LaneProgress(state.fromOffset(), state.samplesTopic(), state.begun());
        progress.lost.addAll(state.lost());
        progress.nextOffset = state.nextOffset();
        progress.savedAt = state.savedAt();
        progress.pause = state.pause();
        progress.restart = state.restart();
        progress.commandsOffset = state.commandsOffset();
        progress.unlabelled = state.unlabelled();
        progress.unlabelledOffset = state.unlabelledOffset();
        if (state.pause() != null) {
            progress.skippedFrom = state.fromOffset();
        } else if (state.fromOffset() < state.nextOffset()) {
            progress.skipped.add(new OffsetRange(state.fromOffset(), state.nextOffset()));
        }
        return progress;
    }

    /**
     * Passes the samples without a label over that were counted since the newest version, because they were not used: one that is
     * used becomes a part of a version with the checkpoint that counts it.
     */
    void passOverUnused() {
        long to = Math.max(nextOffset, unlabelledOffset);
        if (unlabelled > 0 && !isPaused() && to > fromOffset) {
            skipped.clear();
            skipped.add(new OffsetRange(fromOffset, to));
            nextOffset = to;
        }
    }

    /** Returns the timestamp of the record with the first sample; null when it is not known. */
    @Nullable
    Instant begun() {
        return begun;
    }

    /**
     * Records a step on {@code samples} samples.
     *
     * @param offsets offsets of samples that these have corrected
     */
    void step(int samples, List<Long> offsets) {
        steps.add(samples);
        corrected.addAll(offsets);
    }

    /**
     * Counts the sample without a label at {@code offset}; a pause passes it over.
     *
     * @param used whether the lane uses it
     */
    void countUnlabelled(long offset, boolean used) {
        if (!isPaused() && offset >= unlabelledOffset) {
            unlabelled++;
            unlabelledOffset = offset + 1;
            usedUnlabelled |= used;
            changed = true;
        }
    }

    @Nullable
    Pause pause() {
        return pause;
    }

    /** Returns the time at which the newest checkpoint was written. */
    Instant savedAt() {
        return savedAt;
    }

    /** Returns whether the lane begins anew with its next version. */
    boolean isRestarted() {
        return restart != null;
    }

    boolean isPaused() {
        return pause != null;
    }

    /** Begins a pause before the sample at {@code offset}. */
    void pause(Pause begun, long offset) {
        if (steps.isEmpty() && !usedUnlabelled) {
            // Nothing was learned since the newest version, so that one range covers everything since then.
            skipped.clear();
            skippedFrom = fromOffset;
        } else {
            skippedFrom = Math.max(nextOffset, offset);
        }
        pause = begun;
        changed = true;
    }

    /** Ends the pause before the sample at {@code offset}. */
    void resume(long offset) {
        addSkipped(Math.max(nextOffset, offset));
        pause = null;
        changed = true;
    }

    /** Records that the sample at {@code offset} must not be prepared again; a pause passes it over anyway. */
    void passOver(long offset) {
        if (!isPaused()) {
            skipped.add(new OffsetRange(offset, offset + 1));
            changed = true;
        }
    }

    private void addSkipped(long to) {
        if (isPaused() && to > skippedFrom) {
            skipped.add(new OffsetRange(skippedFrom, to));
            skippedFrom = to;
        }
    }

    /** Records samples that were deleted before they were read. */
    void lose(OffsetRange range) {
        lost.add(range);
        changed = true;
    }

    /** Begins the lane anew; everything before is published. */
    void restart(Restart begun) {
        restart = begun;
        changed = true;
    }

    void forget(String sampleId, long offset, List<String> remaining) {
        forgotten.add(new ForgottenSample(sampleId, offset, steps.size(), remaining));
    }

    /** Records that the statistics of a version of another lane were added; everything before is published. */
    void merge(MergedVersion version) {
        merged = version;
    }

    /** Records what a person changed about a class; everything before is published. */
    void relabel(LabelEdit edit) {
        relabelled = edit;
    }

    /** Returns whether the lane has refused samples of a class since its newest version, because it was removed. */
    boolean refuses(long offset, String label) {
        LabelEdit edit = relabelled;
        return edit != null
                && edit.action() == Action.REMOVE_LABEL
                && edit.label().equals(label)
                && offset >= fromOffset;
    }

    /**
     * Returns whether a valid sample of the lane at {@code offset} was learned since the newest version, and not forgotten.
     *
     * @param read offset after the last sample that was read
     */
    boolean contains(long offset, long read) {
        boolean isPassedOver =
                (isPaused() && offset >= skippedFrom) || skipped.stream().anyMatch(range -> range.contains(offset));
        return offset >= fromOffset && offset < read && !isPassedOver && !hasForgotten(offset);
    }

    /** Returns whether the sample at {@code offset} was forgotten or corrected since the newest version. */
    boolean hasForgotten(long offset) {
        return forgotten.stream().anyMatch(one -> one.offset() == offset)
                || corrected.contains(offset)
                || relabelled != null && relabelled.offsets().contains(offset);
    }

    /** Records that a command was carried out, so that the next checkpoint contains a state. */
    void markChanged() {
        changed = true;
    }

    /** Returns whether the next checkpoint needs a new version. */
    boolean needsVersion() {
        return !steps.isEmpty() || !forgotten.isEmpty() || merged != null || relabelled != null || usedUnlabelled;
    }

    /** Returns whether the next checkpoint needs a new state although it has no new version. */
    boolean needsState() {
        return changed;
    }

    /** Returns the first offset that belongs to the next version. */
    long fromOffset() {
        return fromOffset;
    }

    /** Returns the offset up to which checkpoints cover the samples. */
    long nextOffset() {
        return nextOffset;
    }

    /** Returns the offset up to which checkpoints cover the commands. */
    long commandsOffset() {
        return commandsOffset;
    }

    /** Returns the lineage of a version that covers everything before {@code toOffset}. */
    Lineage lineage(@Nullable VersionRef parent, int partition, long toOffset, Digest baseModel, Digest configuration) {
        addSkipped(toOffset);
        return new Lineage(
                parent,
                partition,
                fromOffset,
                toOffset,
                steps,
                baseModel,
                configuration,
                skipped,
                forgotten,
                merged,
                samplesTopic,
                lost,
                relabelled,
                corrected,
                unlabelled);
    }

    /** Begins with the next version, after one that covers everything before {@code toOffset}. */
    void versionSaved(long toOffset, Instant at) {
        steps.clear();
        skipped.clear();
        forgotten.clear();
        corrected.clear();
        merged = null;
        relabelled = null;
        lost.clear();
        restart = null;
        unlabelled = 0;
        usedUnlabelled = false;
        fromOffset = toOffset;
        savedAt = at;
    }

    /** Returns the state of a checkpoint that covers all samples and commands before these offsets. */
    TrainerState state(VersionRef version, long samplesOffset, long commands) {
        if (isPaused()) {
            nextOffset = samplesOffset;
        } else {
            nextOffset = skipped.isEmpty()
                    ? fromOffset
                    : skipped.get(skipped.size() - 1).to();
        }
        commandsOffset = Math.max(commandsOffset, commands);
        changed = false;
        return new TrainerState(
                version,
                fromOffset,
                nextOffset,
                savedAt,
                pause,
                restart,
                commandsOffset,
                samplesTopic,
                lost,
                begun,
                unlabelled,
                unlabelledOffset);
    }
}
