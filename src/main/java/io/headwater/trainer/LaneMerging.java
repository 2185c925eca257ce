package io.headwater.trainer;

import io.headwater.adapt.LaneSums;
import io.headwater.config.AdaptationFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.Ancestry;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Outcome.Rejected;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.VersionRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Adds the statistics of a version of one lane to those of another lane, so that these are as if the other lane had learned
 * from the samples of both. It refuses what would count a sample twice.
 */
final class LaneMerging {
    private static final Comparator<VersionRef> BY_NAME = Comparator.comparing(VersionRef::toString);
    private static final String ANEW =
            "'headwater retrain' lets the lane begin anew, so that the version can be merged before its first sample";

    private final LaneContext context;
    private final SampleLog log;

    LaneMerging(LaneContext context, SampleLog log) {
        this.context = context;
        this.log = log;
    }

    /**
     * Merges {@code version} into {@code lane}.
     *
     * @param unpublished versions of the lane that are not committed yet; those before its present state must be among these
     *     or committed
     */
    Outcome<LaneTrainer> merge(LaneTrainer lane, VersionRef version, List<ModelVersion> unpublished) {
        List<ModelVersion> versions = new ArrayList<>(log.versions());
        versions.addAll(unpublished);
        Ancestry ancestry = new Ancestry(versions);
        Lineage lineage = ancestry.lineage(version);
        if (lineage == null) {
            return Outcome.rejected(
                    Reason.NO_VERSION,
                    "version %s is not published; 'headwater versions' lists what there is".formatted(version));
        }
        Outcome<LaneTrainer> merged = version.lane().equals(lane.lane())
                ? refused("it is a version of the lane itself")
                : sameTask(lineage).then(task -> merge(lane, version, ancestry));
        return merged instanceof Rejected<LaneTrainer> rejected
                ? Outcome.rejected(
                        rejected.rejection().reason(),
                        "version %s cannot be merged into lane '%s': %s"
                                .formatted(
                                        version,
                                        lane.lane(),
                                        rejected.rejection().message()))
                : merged;
    }

    private Outcome<TaskKind> sameTask(Lineage lineage) {
        return stored(() -> context.store().get(lineage.configuration())).then(canonical -> {
            TaskKind own = context.config().task();
            TaskKind other = AdaptationFile.parseCanonical(new String(canonical, StandardCharsets.UTF_8))
                    .task();
            return other == own
                    ? Outcome.ok(own)
                    : refused("its task is '%s', and that of the lane '%s'; only lanes of the same task can be merged"
                            .formatted(other.key(), own.key()));
        });
    }

    private Outcome<LaneTrainer> merge(LaneTrainer lane, VersionRef version, Ancestry ancestry) {
        Set<VersionRef> own = ancestry.of(lane.parent());
        Set<VersionRef> others = ancestry.of(version);
        if (own.contains(version)) {
            return refused("the lane contains its samples already");
        }
        Set<VersionRef> shared = new HashSet<>(others);
        shared.retainAll(own);
        Set<VersionRef> newest = ancestry.newest(shared);
        if (newest.size() > 1) {
            return refused("both contain the samples of %s, which cannot be told apart in the sums; %s"
                    .formatted(newest.stream().sorted(BY_NAME).toList(), ANEW));
        }
        VersionRef since = newest.stream().findFirst().orElse(null);
        others.removeAll(shared);
        VersionRef same = ancestry.trainedOnSame(others, own).orElse(null);
        if (same != null) {
            return refused(
                    "%s has learned from the same samples of domain '%s' as the lane, which would count twice; merge lanes that have learned from different samples"
                            .formatted(same, same.lane().domain()));
        }
        if (lane.startedElsewhere() && ancestry.forget(others, shared)) {
            return refused("it has forgotten a sample that the lane may have in memory from its source; " + ANEW);
        }
        return sums(version)
                .then(sums -> since == null
                        ? lane.merge(new MergedVersion(version, null), sums, null)
                        : sums(since).then(less -> merge(lane, new MergedVersion(version, since), sums, less, since)));
    }

    private static Outcome<LaneTrainer> merge(
            LaneTrainer lane, MergedVersion merged, LaneSums sums, LaneSums less, VersionRef since) {
        LaneSums own = lane.sums().orElse(sums);
        return contains(merged.version().lane(), sums, since, less) && contains(lane.lane(), own, since, less)
                ? lane.merge(merged, sums, less)
                : refused(
                        "both have learned from the samples of %s, and one has followed a change of its stream since, so that it is not known which of these samples it still contains; %s"
                                .formatted(since, ANEW));
    }

    /**
     * Returns whether the sums of a lane still contain those of an ancestor: they do unless the lane began anew with the
     * samples since a change, after which they begin with another sample.
     */
    private static boolean contains(Lane lane, LaneSums sums, VersionRef since, LaneSums ofSince) {
        long from = since.lane().equals(lane) ? ofSince.samples().from() : 0;
        return sums.samples().from() == from;
    }

    private Outcome<LaneSums> sums(VersionRef version) {
        return stored(() -> {
                    context.renew(version);
                    return context.checkpoint(version);
                })
                .then(checkpoint -> LaneSums.read(checkpoint, context.baseModel(), context.goal(), context.heads()));
    }

    private <T> Outcome<T> stored(Supplier<T> reading) {
        try {
            return Outcome.ok(reading.get());
        } catch (ArtifactException e) {
            return Outcome.rejected(
                    Reason.NO_VERSION,
                    "%s; lanes can be merged whose artifacts are in the same store".formatted(e.getMessage()));
        }
    }

    private static <T> Outcome<T> refused(String why) {
        return Outcome.rejected(Reason.REFUSED, why);
    }
}
