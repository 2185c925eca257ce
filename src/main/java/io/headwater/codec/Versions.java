package io.headwater.codec;

import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.events.Sha256;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Versions, what names them and where they came from. */
final class Versions {

    private Versions() {}

    static io.headwater.events.ModelVersion write(ModelVersion version) {
        return new io.headwater.events.ModelVersion(
                write(version.ref()),
                write(version.lineage()),
                version.labels(),
                version.totalSamples(),
                version.createdAt(),
                new TreeMap<>(version.environment()));
    }

    static ModelVersion read(io.headwater.events.ModelVersion event) {
        return new ModelVersion(
                read(event.getRef()),
                read(event.getLineage()),
                event.getLabels(),
                event.getTotalSamples(),
                event.getCreatedAt(),
                event.getEnvironment());
    }

    private static io.headwater.events.Lineage write(Lineage lineage) {
        return new io.headwater.events.Lineage(
                writeOptional(lineage.parent()),
                lineage.partition(),
                lineage.fromOffset(),
                lineage.toOffset(),
                lineage.steps(),
                write(lineage.baseModel()),
                write(lineage.configuration()));
    }

    private static Lineage read(io.headwater.events.Lineage event) {
        return new Lineage(
                readOptional(event.getParent()),
                event.getPartition(),
                event.getFromOffset(),
                event.getToOffset(),
                event.getSteps(),
                read(event.getBaseModel()),
                read(event.getConfiguration()));
    }

    static io.headwater.events.@Nullable VersionRef writeOptional(@Nullable VersionRef ref) {
        return ref == null ? null : write(ref);
    }

    static @Nullable VersionRef readOptional(io.headwater.events.@Nullable VersionRef event) {
        return event == null ? null : read(event);
    }

    static io.headwater.events.VersionRef write(VersionRef ref) {
        return new io.headwater.events.VersionRef(
                write(ref.lane()), ref.number(), write(ref.artifact()), write(ref.checkpoint()));
    }

    static VersionRef read(io.headwater.events.VersionRef event) {
        return new VersionRef(
                read(event.getLane()), event.getNumber(), read(event.getArtifact()), read(event.getCheckpoint()));
    }

    static io.headwater.events.Lane write(Lane lane) {
        return new io.headwater.events.Lane(lane.adaptation(), lane.domain());
    }

    static Lane read(io.headwater.events.Lane event) {
        return new Lane(event.getAdaptation(), event.getDomain());
    }

    private static Sha256 write(Digest digest) {
        return new Sha256(HexFormat.of().parseHex(digest.hex()));
    }

    private static Digest read(Sha256 event) {
        return new Digest(HexFormat.of().formatHex(event.bytes()));
    }
}
