package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the versions of lanes and their serving versions from the log. */
public final class LaneLog {
    private final Clients clients;
    private final Codec codec;

    /** Creates an instance that reads the log through {@code clients}. */
    public LaneLog(Clients clients, Codec codec) {
        this.clients = clients;
        this.codec = codec;
    }

    /** Returns the serving event of the version that serves {@code lane}. */
    public static Optional<Serving> serving(AdaptationRuntime runtime, Lane lane) {
        LaneLog log = new LaneLog(runtime.clients(), runtime.codec());
        return Optional.ofNullable(log.serving(lane::equals).get(lane));
    }

    /**
     * Returns all published versions of the lanes that {@code wanted} accepts, grouped by lane in the order of their
     * numbers.
     */
    public List<ModelVersion> versions(Predicate<Lane> wanted) {
        List<ModelVersion> versions = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                reader.readAll(clients.topics().partition(Topic.MODEL_VERSIONS, p), record -> {
                    if (wanted.test(Lane.parse(RecordKeys.text(record.key())))) {
                        versions.add(codec.decodeOrThrow(EventType.MODEL_VERSION, record.value()));
                    }
                });
            }
        }
        versions.sort((a, b) -> a.ref().lane().equals(b.ref().lane())
                ? Long.compare(a.ref().number(), b.ref().number())
                : a.ref().lane().compareTo(b.ref().lane()));
        return versions;
    }

    /** Returns the serving events of the lanes that {@code wanted} accepts. */
    public Map<Lane, Serving> serving(Predicate<Lane> wanted) {
        return newest(Topic.SERVING, EventType.SERVING, wanted);
    }

    /** Returns the trainer states of the lanes that {@code wanted} accepts. */
    public Map<Lane, TrainerState> states(Predicate<Lane> wanted) {
        return newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, wanted);
    }

    private <T> Map<Lane, T> newest(Topic topic, EventType<T> type, Predicate<Lane> wanted) {
        Map<Lane, T> newest = new TreeMap<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                reader.readAll(clients.topics().partition(topic, p), record -> {
                    Lane lane = Lane.parse(RecordKeys.text(record.key()));
                    byte @Nullable [] value = record.value();
                    if (value == null) {
                        newest.remove(lane);
                    } else if (wanted.test(lane)) {
                        newest.put(lane, codec.decodeOrThrow(type, value));
                    }
                });
            }
        }
        return newest;
    }
}
