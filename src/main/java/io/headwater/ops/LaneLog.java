package io.headwater.ops;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.LaneEvents;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads versions of lanes, which of them serve, trainer states and evaluations from the log. */
public final class LaneLog {
    private final Clients clients;
    private final Codec codec;
    private final LaneEvents events;

    /** Creates an instance that reads the log through {@code clients}. */
    public LaneLog(Clients clients, Codec codec) {
        this.clients = clients;
        this.codec = codec;
        this.events = new LaneEvents(codec);
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
        read(Topic.MODEL_VERSIONS, EventType.MODEL_VERSION, wanted, (lane, version) -> {
            if (version != null) {
                versions.add(version);
            }
        });
        versions.sort((a, b) -> a.ref().lane().equals(b.ref().lane())
                ? Long.compare(a.ref().number(), b.ref().number())
                : a.ref().lane().compareTo(b.ref().lane()));
        return versions;
    }

    /** Returns the serving events of the lanes that {@code wanted} accepts. */
    public Map<Lane, Serving> serving(Predicate<Lane> wanted) {
        return newest(Topic.SERVING, EventType.SERVING, wanted);
    }

    /**
     * Returns the decisions about what serves each lane that {@code wanted} accepts, as far as the topics keep them, in order; events
     * that only announce new thresholds are left out.
     */
    public Map<Lane, List<Serving>> decisions(Predicate<Lane> wanted) {
        Map<Lane, TreeMap<Instant, Serving>> found = new TreeMap<>();
        BiConsumer<Lane, Serving> sink = (lane, serving) ->
                found.computeIfAbsent(lane, one -> new TreeMap<>()).putIfAbsent(serving.since(), serving);
        read(Topic.EVALUATIONS, wanted, record -> {
            if (codec.decode(EventType.SERVING, record.value()) instanceof Outcome.Ok<Serving> ok) {
                events.lane(record).ifPresent(lane -> sink.accept(lane, ok.value()));
            }
        });
        // Former releases did not keep them with the evaluations, so that only those are left that are not compacted.
        read(Topic.SERVING, EventType.SERVING, wanted, (lane, serving) -> {
            if (serving != null) {
                sink.accept(lane, serving);
            }
        });
        Map<Lane, List<Serving>> decisions = new TreeMap<>();
        found.forEach((lane, all) -> decisions.put(lane, List.copyOf(all.values())));
        return decisions;
    }

    /** Returns the trainer states of the lanes that {@code wanted} accepts. */
    public Map<Lane, TrainerState> states(Predicate<Lane> wanted) {
        return newest(Topic.TRAINER_STATE, EventType.TRAINER_STATE, wanted);
    }

    /** Passes all evaluations of the lanes that {@code wanted} accepts to {@code sink}, those of a lane in order. */
    public void evaluations(Predicate<Lane> wanted, Consumer<Evaluation> sink) {
        read(Topic.EVALUATIONS, wanted, record -> {
            // Other types of events are ignored.
            if (codec.decode(EventType.EVALUATION, record.value()) instanceof Outcome.Ok<Evaluation> ok) {
                sink.accept(ok.value());
            }
        });
    }

    /** Passes all evaluations by late labels of the lanes that {@code wanted} accepts to {@code sink}, those of a lane in order. */
    public void lateEvaluations(Predicate<Lane> wanted, Consumer<LateEvaluation> sink) {
        read(Topic.LABEL_EVALUATIONS, wanted, record -> {
            if (codec.decode(EventType.LATE_EVALUATION, record.value()) instanceof Outcome.Ok<LateEvaluation> ok) {
                sink.accept(ok.value());
            }
        });
    }

    /** Passes all signals of changes of the lanes that {@code wanted} accepts to {@code sink}, those of a lane in order. */
    public void drifts(Predicate<Lane> wanted, Consumer<DriftSignal> sink) {
        read(Topic.EVALUATIONS, wanted, record -> {
            if (codec.decode(EventType.DRIFT_SIGNAL, record.value()) instanceof Outcome.Ok<DriftSignal> ok) {
                sink.accept(ok.value());
            }
        });
    }

    private <T> Map<Lane, T> newest(Topic topic, EventType<T> type, Predicate<Lane> wanted) {
        Map<Lane, T> newest = new TreeMap<>();
        read(topic, type, wanted, (lane, event) -> {
            if (event == null) {
                newest.remove(lane);
            } else {
                newest.put(lane, event);
            }
        });
        return newest;
    }

    private <T> void read(Topic topic, EventType<T> type, Predicate<Lane> wanted, BiConsumer<Lane, @Nullable T> sink) {
        read(
                topic,
                wanted,
                record -> events.read(type, record).ifPresent(event -> sink.accept(event.lane(), event.event())));
    }

    private void read(Topic topic, Predicate<Lane> wanted, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        try (PartitionReader reader = new PartitionReader(clients)) {
            for (int p = 0; p < clients.topics().partitions(); p++) {
                reader.readAll(clients.topics().partition(topic, p), record -> {
                    if (events.lane(record).filter(wanted).isPresent()) {
                        sink.accept(record);
                    }
                });
            }
        }
    }
}
