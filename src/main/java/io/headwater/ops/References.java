package io.headwater.ops;

import io.headwater.adapt.state.Checkpoints;
import io.headwater.codec.CodecException;
import io.headwater.codec.EventType;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.MergedVersion;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Restart;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The artifacts that a retention keeps, by the events of all lanes of all adaptations.
 *
 * <p>Trainers publish while the events are read. What is served is therefore read before the states of the trainers: the
 * checkpoint of a state names every version that may serve after it, unless it is published after it or a person chooses it;
 * both renew the age of the artifacts, and no sweep deletes young ones.
 */
final class References {
    /** The owner of configurations; no lane has this key. */
    static final String CONFIGURATION = "";

    private final ArtifactStore store;
    private final Retention retention;
    private final Instant now;
    /** Artifacts that are kept, each with the key of its lane, or with {@link #CONFIGURATION}. */
    private final Map<Digest, String> artifacts = new HashMap<>();

    private final Map<Lane, VersionsOfLane> lanes = new TreeMap<>();

    /** Lanes that may have to be rebuilt from any of their versions. */
    private final Set<Lane> broken = new HashSet<>();

    private References(ArtifactStore store, Retention retention, Instant now) {
        this.store = store;
        this.retention = retention;
        this.now = now;
    }

    /**
     * Reads the events.
     *
     * @throws CodecException when another release wrote an event, which therefore cannot be read
     */
    static References read(Clients clients, LaneEvents events, ArtifactStore store, Retention retention, Instant now) {
        References references = new References(store, retention, now);
        try (PartitionReader reader = new PartitionReader(clients)) {
            Topics topics = new Topics(clients, events, reader);
            topics.newest(Topic.SERVING, EventType.SERVING, references::add);
            topics.newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, references::add);
            topics.read(Topic.MODEL_VERSIONS, EventType.MODEL_VERSION, references::add);
        }
        references.lanes.values().forEach(VersionsOfLane::end);
        return references;
    }

    /** Reads all partitions of a topic. */
    private record Topics(Clients clients, LaneEvents events, PartitionReader reader) {

        /** Reads the newest event of each key; those of other programs do not count. */
        <T> void newest(Topic topic, EventType<T> type, Consumer<T> sink) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                Map<String, T> newest = new HashMap<>();
                read(topic, type, p, (key, event) -> newest.put(key, event));
                newest.values().forEach(sink);
            }
        }

        <T> void read(Topic topic, EventType<T> type, Consumer<T> sink) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                read(topic, type, p, (key, event) -> sink.accept(event));
            }
        }

        private <T> void read(Topic topic, EventType<T> type, int partition, BiConsumer<String, T> sink) {
            reader.readAll(clients.topics().partition(topic, partition), record -> {
                Optional<T> event = events.value(type, record);
                if (event.isEmpty() && LaneEvents.hasFrameOfHeadwater(record.value())) {
                    throw new CodecException(
                            ("nothing is deleted, because the record at offset %d of partition %d of topic %s cannot be read: another"
                                            + " release of Headwater wrote it; run that release, or delete the record")
                                    .formatted(record.offset(), record.partition(), record.topic()));
                }
                event.ifPresent(one -> sink.accept(RecordKeys.text(record.key()), one));
            });
        }
    }

    /** Returns the digests of all artifacts that are kept. */
    Set<Digest> digests() {
        return Collections.unmodifiableSet(artifacts.keySet());
    }

    /** Returns the key of the lane of an artifact, or {@link #CONFIGURATION}; empty for what is not kept. */
    Optional<String> owner(Digest artifact) {
        return Optional.ofNullable(artifacts.get(artifact));
    }

    /** Returns the versions of each lane. */
    Map<Lane, VersionsOfLane> lanes() {
        return lanes;
    }

    private void add(Serving serving) {
        keep(serving.version());
        keep(serving.previous());
    }

    private void add(TrainerState state) {
        VersionRef version = state.version();
        keep(version);
        Restart restart = state.restart();
        if (restart != null) {
            keep(restart.origin());
        }
        try {
            for (Digest needed : Checkpoints.needs(store.start(version.checkpoint(), Checkpoints.START_BYTES))) {
                keep(needed, version.lane().key());
                if (!store.contains(needed)) {
                    broken.add(version.lane());
                }
            }
        } catch (ArtifactException e) {
            broken.add(version.lane());
        }
    }

    private void add(ModelVersion version) {
        Lineage lineage = version.lineage();
        artifacts.put(lineage.configuration(), CONFIGURATION);
        VersionRef parent = lineage.parent();
        if (parent != null && !parent.lane().equals(version.ref().lane())) {
            keep(parent);
        }
        MergedVersion merged = lineage.merged();
        if (merged != null) {
            keep(merged.version());
            keep(merged.since());
        }
        lanes.computeIfAbsent(version.ref().lane(), VersionsOfLane::new).add(version);
    }

    private void keep(@Nullable VersionRef version) {
        if (version != null) {
            artifacts.put(version.artifact(), version.lane().key());
            keep(version.checkpoint(), version.lane().key());
        }
    }

    /** Keeps an artifact and, if it is a checkpoint, those to which it refers. */
    private void keep(Digest artifact, String lane) {
        artifacts.put(artifact, lane);
        try {
            Checkpoints.parts(store.start(artifact, Checkpoints.START_BYTES))
                    .forEach(part -> artifacts.put(part, lane));
        } catch (ArtifactException missing) {
            // It refers to nothing that could still be used.
        }
    }

    /** The versions of one lane, in order, of which some are kept. */
    final class VersionsOfLane {
        private final Lane lane;
        private final Deque<ModelVersion> newest = new ArrayDeque<>();
        private @Nullable VersionRef lastKept;
        private long all;
        private long kept;

        VersionsOfLane(Lane lane) {
            this.lane = lane;
        }

        private void add(ModelVersion version) {
            all++;
            newest.addLast(version);
            if (newest.size() > retention.newest()) {
                ModelVersion old = newest.removeFirst();
                if (retention.keeps(old, now) || broken.contains(lane) || isLastOfConfiguration(old)) {
                    keepVersion(old);
                }
            }
        }

        /** Versions are only rebuilt from one with the same configuration. */
        private boolean isLastOfConfiguration(ModelVersion version) {
            return !newest.getFirst()
                    .lineage()
                    .configuration()
                    .equals(version.lineage().configuration());
        }

        private void end() {
            newest.forEach(this::keepVersion);
            newest.clear();
        }

        private void keepVersion(ModelVersion version) {
            VersionRef ref = version.ref();
            // A checkpoint refers to the one before it, and to what that one refers to.
            if (lastKept != null && lastKept.equals(version.lineage().parent())) {
                artifacts.put(ref.artifact(), lane.key());
                artifacts.put(ref.checkpoint(), lane.key());
            } else {
                keep(ref);
                // So that the version can be replayed in one step.
                keep(version.lineage().parent());
            }
            lastKept = ref;
            kept++;
        }

        /** Returns the number of all versions. */
        long all() {
            return all;
        }

        /** Returns the number of versions that are kept, without those that are only kept because a lane needs them. */
        long kept() {
            return kept;
        }
    }
}
