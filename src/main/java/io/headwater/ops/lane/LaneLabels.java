package io.headwater.ops.lane;

import io.headwater.adapt.LaneClasses;
import io.headwater.adapt.LaneClasses.LaneClass;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LearnedSamples;
import io.headwater.domain.Outcome;
import io.headwater.domain.Sample;
import io.headwater.domain.TrainerState;
import io.headwater.kafka.Clients;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.RecordKeys;
import io.headwater.kafka.Topic;
import io.headwater.ops.LaneLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The classes of a lane: what it knows of them, and their samples that are still on the topic. */
public final class LaneLabels {
    private final Clients clients;
    private final Codec codec;
    private final LaneLog log;
    private final ArtifactStore store;
    private final Lane lane;

    /** Creates an instance that reads the topics through {@code clients}, and the checkpoints of {@code store}. */
    public LaneLabels(Clients clients, Codec codec, ArtifactStore store, Lane lane) {
        this.clients = clients;
        this.codec = codec;
        this.log = new LaneLog(clients, codec);
        this.store = store;
        this.lane = lane;
    }

    /**
     * A label.
     *
     * @param label its name
     * @param state what the lane does with its samples
     * @param into the class that they count for; null unless it was merged
     * @param learned number of samples of the class that the lane learns from; null when its checkpoint is not in the store
     * @param onTopic number of samples of the lane on the topic that have the label
     * @param lastSeen time of the newest of them; null when there is none
     */
    public record Row(
            String label,
            State state,
            @Nullable String into,
            @Nullable Long learned,
            long onTopic,
            @Nullable Instant lastSeen) {}

    /** What a lane does with samples of a label. */
    public enum State {
        /** It predicts the class and learns it. */
        LEARNED,
        /** They count for another class. */
        MERGED,
        /** It refuses them. */
        REMOVED,
        /** It does not know it; the samples were refused, or not read yet. */
        UNKNOWN
    }

    private static final class Seen {
        private long count;
        private Instant last = Instant.MIN;
    }

    /**
     * Returns all labels, those of the lane in the order of its outputs.
     *
     * @throws IllegalArgumentException when the lane has no version
     */
    public List<Row> all() {
        TrainerState state = state();
        Map<String, Seen> seen = new TreeMap<>();
        read((offset, sample, time) -> {
            if (sample.label() instanceof ClassLabel label) {
                Seen one = seen.computeIfAbsent(label.name(), name -> new Seen());
                one.count++;
                one.last = time.isAfter(one.last) ? time : one.last;
            }
        });
        Map<String, LaneClass> known = new TreeMap<>();
        List<Row> rows = new ArrayList<>();
        classes(state)
                .ifPresentOrElse(
                        classes -> classes.classes().forEach(one -> {
                            known.put(one.name(), one);
                            rows.add(row(one, seen.get(one.name())));
                        }),
                        () -> published(state).forEach(name -> {
                            known.put(name, new LaneClass(name, 0, "", false));
                            rows.add(row(name, State.LEARNED, null, null, seen.get(name)));
                        }));
        seen.forEach((name, one) -> {
            if (!known.containsKey(name)) {
                rows.add(row(name, State.UNKNOWN, null, null, one));
            }
        });
        return rows;
    }

    private static Row row(LaneClass one, @Nullable Seen seen) {
        State state = one.removed() ? State.REMOVED : one.into().isEmpty() ? State.LEARNED : State.MERGED;
        return row(one.name(), state, one.into().isEmpty() ? null : one.into(), one.samples(), seen);
    }

    private static Row row(
            String label, State state, @Nullable String into, @Nullable Long learned, @Nullable Seen seen) {
        return seen == null
                ? new Row(label, state, into, learned, 0, null)
                : new Row(label, state, into, learned, seen.count, seen.last);
    }

    /**
     * Returns the offsets of the samples of a class that the lane may still contain, the oldest first; none where the lane is not
     * learned in closed form, because nothing can be taken out of its weights.
     */
    public List<Long> contained(String label) {
        TrainerState state = state();
        boolean isClosed = classes(state).map(LaneClasses::closedForm).orElse(true);
        if (!isClosed) {
            return List.of();
        }
        LearnedSamples learned = LearnedSamples.of(
                state.restart() != null ? null : state.version(), log.versions(lane::equals), topicId());
        List<Long> offsets = new ArrayList<>();
        read((offset, sample, time) -> {
            boolean isOfClass =
                    sample.label() instanceof ClassLabel own && own.name().equals(label);
            if (isOfClass && learned.contains(offset) && !learned.refuses(offset, label)) {
                offsets.add(offset);
            }
        });
        return offsets;
    }

    /** Returns what the classes mean by now; nothing is known of them when the newest checkpoint is not in the store. */
    public LaneClasses meanings() {
        return classes(state()).orElseGet(LaneClasses::none);
    }

    private TrainerState state() {
        TrainerState state = log.states(lane::equals).get(lane);
        if (state == null) {
            throw new IllegalArgumentException(
                    "lane '%s' has no version; 'headwater lanes' lists the lanes that have".formatted(lane));
        }
        return state;
    }

    /** Returns the classes by the newest checkpoint; empty when it is not in the store. */
    private Optional<LaneClasses> classes(TrainerState state) {
        try {
            return Optional.of(
                    LaneClasses.read(Checkpoints.read(store, state.version().checkpoint())));
        } catch (ArtifactException e) {
            return Optional.empty();
        }
    }

    private List<String> published(TrainerState state) {
        return log.versions(lane::equals).stream()
                .filter(version -> version.ref().equals(state.version()))
                .findFirst()
                .map(version -> version.labels())
                .orElse(List.of());
    }

    private String topicId() {
        try (PartitionReader reader = new PartitionReader(clients)) {
            return reader.topicId(clients.topics().name(Topic.SAMPLES));
        }
    }

    @FunctionalInterface
    private interface SampleSink {
        void accept(long offset, Sample sample, Instant time);
    }

    private void read(SampleSink sink) {
        TopicPartition partition =
                clients.topics().partition(Topic.SAMPLES, clients.topics().partitionOf(lane.domain()));
        try (PartitionReader reader = new PartitionReader(clients)) {
            reader.readAll(partition, record -> {
                if (RecordKeys.text(record.key()).equals(lane.domain())
                        && codec.decode(EventType.SAMPLE, record.value()) instanceof Outcome.Ok<Sample> ok) {
                    sink.accept(record.offset(), ok.value(), Instant.ofEpochMilli(record.timestamp()));
                }
            });
        }
    }
}
