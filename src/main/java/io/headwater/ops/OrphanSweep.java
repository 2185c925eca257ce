package io.headwater.ops;

import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes artifacts that no event refers to, such as those of a trainer that died before it could publish them. A store
 * belongs to one installation: all adaptations with the same topic prefix may share it, but other installations must
 * not.
 */
public final class OrphanSweep {
    /** The minimum value of {@code minimumAge} in a service: far longer than any transaction stays open. */
    static final Duration LEAST_AGE = Duration.ofHours(1);

    private final Clients clients;
    private final LaneEvents events;
    private final ArtifactStore store;
    private final Duration minimumAge;

    /**
     * Creates a sweep of {@code store} that keeps all artifacts to which the topics of {@code clients} refer.
     *
     * @param minimumAge younger artifacts are kept; must be far longer than the publication of a checkpoint takes
     */
    public OrphanSweep(Clients clients, LaneEvents events, ArtifactStore store, Duration minimumAge) {
        this.clients = clients;
        this.events = events;
        this.store = store;
        this.minimumAge = minimumAge;
    }

    /**
     * Sweeps once. If the topics do not refer to any artifact, nothing is deleted, because the brokers are then more
     * likely the wrong ones than all artifacts orphans.
     *
     * @return the number of deleted files
     * @throws CodecException when another release wrote an event, which therefore cannot be read; then nothing is deleted
     */
    public int run() {
        Set<Digest> referenced = references();
        return referenced.isEmpty() ? 0 : store.sweep(referenced, minimumAge);
    }

    /**
     * Returns every digest to which a committed event of any lane of any adaptation refers. Records of foreign programs refer to
     * none.
     */
    Set<Digest> references() {
        Set<Digest> digests = new HashSet<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                read(reader, Topic.MODEL_VERSIONS, EventType.MODEL_VERSION, p, version -> add(digests, version));
                read(reader, Topic.SERVING, EventType.SERVING, p, serving -> add(digests, serving));
                read(reader, Topic.TRAINER_STATE, EventType.TRAINER_STATE, p, state -> add(digests, state.version()));
            }
        }
        return digests;
    }

    private <T> void read(PartitionReader reader, Topic topic, EventType<T> type, int partition, Consumer<T> sink) {
        reader.readAll(clients.topics().partition(topic, partition), record -> {
            Optional<T> event = events.value(type, record);
            if (event.isEmpty() && LaneEvents.hasFrameOfHeadwater(record.value())) {
                throw new CodecException(
                        ("nothing is deleted, because the record at offset %d of partition %d of topic %s cannot be read: another"
                                        + " release of Headwater wrote it; run that release, or delete the record")
                                .formatted(record.offset(), record.partition(), record.topic()));
            }
            event.ifPresent(sink);
        });
    }

    private static void add(Set<Digest> digests, ModelVersion version) {
        Lineage lineage = version.lineage();
        add(digests, version.ref());
        add(digests, lineage.parent());
        digests.add(lineage.configuration());
        MergedVersion merged = lineage.merged();
        if (merged != null) {
            add(digests, merged.version());
            add(digests, merged.since());
        }
    }

    private static void add(Set<Digest> digests, Serving serving) {
        add(digests, serving.version());
        add(digests, serving.previous());
    }

    private static void add(Set<Digest> digests, @Nullable VersionRef version) {
        if (version != null) {
            digests.add(version.artifact());
            digests.add(version.checkpoint());
        }
    }
}
