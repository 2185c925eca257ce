package io.headwater.codec;

import io.headwater.domain.Command;
import io.headwater.domain.Digest;
import io.headwater.domain.ForgottenSample;
import io.headwater.domain.LabelEdit;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.OffsetRange;
import io.headwater.domain.VersionRef;
import io.headwater.events.CommandAction;
import io.headwater.events.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps model versions, their references and their lineage to Avro records and back. */
final class VersionMapping {

    private VersionMapping() {}

    static io.headwater.events.ModelVersion toAvro(ModelVersion version) {
        return new io.headwater.events.ModelVersion(
                toAvro(version.ref()),
                toAvro(version.lineage()),
                version.labels(),
                version.totalSamples(),
                version.createdAt(),
                new TreeMap<>(version.environment()));
    }

    static ModelVersion fromAvro(io.headwater.events.ModelVersion event) {
        return new ModelVersion(
                fromAvro(event.getRef()),
                fromAvro(event.getLineage()),
                event.getLabels(),
                event.getTotalSamples(),
                event.getCreatedAt(),
                event.getEnvironment());
    }

    private static io.headwater.events.Lineage toAvro(Lineage lineage) {
        MergedVersion merged = lineage.merged();
        return new io.headwater.events.Lineage(
                toAvroOrNull(lineage.parent()),
                lineage.partition(),
                lineage.fromOffset(),
                lineage.toOffset(),
                lineage.steps(),
                toAvro(lineage.baseModel()),
                toAvro(lineage.configuration()),
                toAvro(lineage.skipped()),
                lineage.forgotten().stream()
                        .map(one -> new io.headwater.events.ForgottenSample(
                                one.sampleId(), one.offset(), one.afterSteps(), one.remaining()))
                        .toList(),
                merged == null
                        ? null
                        : new io.headwater.events.MergedVersion(toAvro(merged.version()), toAvroOrNull(merged.since())),
                lineage.samplesTopic(),
                toAvro(lineage.lost()),
                relabelled(lineage.relabelled()),
                lineage.corrected(),
                lineage.unlabelled());
    }

    private static io.headwater.events.@Nullable LabelEdit relabelled(@Nullable LabelEdit edit) {
        return edit == null
                ? null
                : new io.headwater.events.LabelEdit(
                        CommandAction.valueOf(edit.action().name()),
                        edit.label(),
                        edit.into(),
                        edit.offsets(),
                        edit.remaining());
    }

    private static @Nullable LabelEdit relabelled(io.headwater.events.@Nullable LabelEdit event) {
        return event == null
                ? null
                : new LabelEdit(
                        LaneEventMapping.known(Command.Action.class, "action", event.getAction()),
                        event.getLabel(),
                        event.getInto(),
                        event.getOffsets(),
                        event.getRemaining());
    }

    static List<io.headwater.events.OffsetRange> toAvro(List<OffsetRange> ranges) {
        return ranges.stream()
                .map(range -> new io.headwater.events.OffsetRange(range.from(), range.to()))
                .toList();
    }

    static List<OffsetRange> fromAvro(List<io.headwater.events.OffsetRange> ranges) {
        return ranges.stream()
                .map(range -> new OffsetRange(range.getFrom(), range.getTo()))
                .toList();
    }

    private static Lineage fromAvro(io.headwater.events.Lineage event) {
        io.headwater.events.@Nullable MergedVersion merged = event.getMerged();
        return new Lineage(
                fromAvroOrNull(event.getParent()),
                event.getPartition(),
                event.getFromOffset(),
                event.getToOffset(),
                event.getSteps(),
                fromAvro(event.getBaseModel()),
                fromAvro(event.getConfiguration()),
                fromAvro(event.getSkipped()),
                event.getForgotten().stream()
                        .map(one -> new ForgottenSample(
                                one.getSampleId(), one.getOffset(), one.getAfterSteps(), one.getRemaining()))
                        .toList(),
                merged == null
                        ? null
                        : new MergedVersion(fromAvro(merged.getVersion()), fromAvroOrNull(merged.getSince())),
                event.getSamplesTopic(),
                fromAvro(event.getLost()),
                relabelled(event.getRelabelled()),
                event.getCorrected(),
                event.getUnlabelled());
    }

    static io.headwater.events.@Nullable VersionRef toAvroOrNull(@Nullable VersionRef ref) {
        return ref == null ? null : toAvro(ref);
    }

    static @Nullable VersionRef fromAvroOrNull(io.headwater.events.@Nullable VersionRef event) {
        return event == null ? null : fromAvro(event);
    }

    static io.headwater.events.VersionRef toAvro(VersionRef ref) {
        return new io.headwater.events.VersionRef(
                toAvro(ref.lane()), ref.number(), toAvro(ref.artifact()), toAvro(ref.checkpoint()));
    }

    static VersionRef fromAvro(io.headwater.events.VersionRef event) {
        return new VersionRef(
                fromAvro(event.getLane()),
                event.getNumber(),
                fromAvro(event.getArtifact()),
                fromAvro(event.getCheckpoint()));
    }

    static io.headwater.events.Lane toAvro(Lane lane) {
        return new io.headwater.events.Lane(lane.adaptation(), lane.domain());
    }

    static Lane fromAvro(io.headwater.events.Lane event) {
        return new Lane(event.getAdaptation(), event.getDomain());
    }

    static Sha256 toAvro(Digest digest) {
        return new Sha256(HexFormat.of().parseHex(digest.hex()));
    }

    static Digest fromAvro(Sha256 event) {
        return new Digest(HexFormat.of().formatHex(event.bytes()));
    }
}
