package io.headwater.ops;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What happened in a lane, in order.
 *
 * @param lane its present state
 * @param events versions, decisions on them, and signals of changes of the stream, as far as topics keep them
 * @param evaluations its newest prequential evaluations, in order
 */
public record LaneHistory(LaneSummary lane, List<Event> events, List<Evaluation> evaluations) {

    /** The types of events. */
    public enum Type {
        /** A version was published. */
        VERSION,
        /** The gate promoted a version. */
        PROMOTED,
        /** The gate rejected a version. */
        REJECTED,
        /** The lane returned to an earlier version, which was better than the serving one. */
        ROLLED_BACK,
        /** A person decided which version serves. */
        DECIDED,
        /** The stream has changed, or may have. */
        DRIFT,
        /** No version was promoted for long, although newer weights are better than the serving version. */
        STALLED,
        /** A contender that is better on the stream was refused for long because of the guard set. */
        VETOED,
        /** Samples were deleted before they were read, or their topic was created anew. */
        LOST
    }

    /**
     * An event.
     *
     * @param version number of the version that the event is about; 0 when it is about none
     * @param text what happened, for people
     */
    public record Event(Instant at, Type type, long version, String text) {}

    /**
     * Reads the history of {@code lane}.
     *
     * @param newestEvaluations number of evaluations
     * @throws IllegalArgumentException when the lane has no version
     */
    public static LaneHistory of(LaneLog log, Lane lane, int newestEvaluations) {
        LaneSummary summary = LaneSummary.of(log, lane::equals).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "lane '%s' has no version; 'headwater lanes' lists the lanes that have".formatted(lane)));
        List<Event> events = new ArrayList<>();
        log.versions(lane::equals).forEach(version -> events.add(event(version)));
        List<Evaluation> evaluations = new ArrayList<>();
        log.evaluations(lane::equals, evaluation -> {
            if (evaluation.kind() == Kind.PREQUENTIAL) {
                evaluations.add(evaluation);
            } else {
                events.add(
                        new Event(evaluation.at(), type(evaluation.kind()), about(evaluation), evaluation.verdict()));
            }
        });
        log.drifts(lane::equals, drift -> events.add(event(drift)));
        for (Serving serving : log.decisions(lane::equals).getOrDefault(lane, List.of())) {
            if (serving.decidedBy() == DecidedBy.PERSON) {
                events.add(new Event(
                        serving.since(), Type.DECIDED, serving.version().number(), serving.reason()));
            }
        }
        events.sort(Comparator.comparing(Event::at));
        int from = Math.max(0, evaluations.size() - newestEvaluations);
        return new LaneHistory(summary, events, List.copyOf(evaluations.subList(from, evaluations.size())));
    }

    private static Event event(ModelVersion version) {
        Lineage lineage = version.lineage();
        StringBuilder text = new StringBuilder();
        text.append(lineage.samples()).append(" samples at offsets ").append(lineage.fromOffset());
        text.append(" to ").append(lineage.toOffset());
        if (lineage.parent() == null) {
            text.append(", begun untrained");
        } else if (!lineage.parent().lane().equals(version.ref().lane())) {
            text.append(", begun from ").append(lineage.parent());
        }
        lineage.skipped()
                .forEach(range -> text.append(", passed over ")
                        .append(range.from())
                        .append(" to ")
                        .append(range.to()));
        lineage.lost()
                .forEach(range -> text.append(", lost ")
                        .append(range.from())
                        .append(" to ")
                        .append(range.to()));
        lineage.forgotten()
                .forEach(sample -> text.append(", forgot ")
                        .append(sample.sampleId())
                        .append(" at ")
                        .append(sample.offset()));
        MergedVersion merged = lineage.merged();
        if (merged != null) {
            text.append(", merged ").append(merged.version());
            if (merged.since() != null) {
                text.append(" since ").append(merged.since());
            }
        }
        LabelEdit edit = lineage.relabelled();
        if (edit != null) {
            text.append(", ").append(text(edit));
        }
        return new Event(version.createdAt(), Type.VERSION, version.ref().number(), text.toString());
    }

    private static String text(LabelEdit edit) {
        return switch (edit.action()) {
            case MERGE_LABEL -> "merged class '%s' into '%s'".formatted(edit.label(), edit.into());
            case REMOVE_LABEL ->
                "removed class '%s' and %d of its samples"
                        .formatted(edit.label(), edit.offsets().size());
            default -> "restored class '%s'".formatted(edit.label());
        };
    }

    private static long about(Evaluation evaluation) {
        Long version = evaluation.challenger() == null ? evaluation.champion() : evaluation.challenger();
        return version == null ? 0 : version;
    }

    private static Event event(DriftSignal drift) {
        String text = String.format(
                Locale.ROOT,
                "%s of %s by %s: %.2f, threshold %.2f",
                drift.level().name().toLowerCase(Locale.ROOT),
                drift.signal(),
                drift.detector(),
                drift.statistic(),
                drift.threshold());
        return new Event(drift.at(), Type.DRIFT, 0, text);
    }

    private static Type type(Kind kind) {
        return switch (kind) {
            case PROMOTED -> Type.PROMOTED;
            case ROLLED_BACK -> Type.ROLLED_BACK;
            case STALLED -> Type.STALLED;
            case VETOED -> Type.VETOED;
            case LOST -> Type.LOST;
            case PREQUENTIAL, REJECTED -> Type.REJECTED;
        };
    }
}
