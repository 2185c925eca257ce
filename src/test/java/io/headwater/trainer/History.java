package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.adapt.LaneSums;
import io.headwater.adapt.race.AllSamples;
import io.headwater.adapt.state.Checkpoints;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.testing.Installation;
import io.headwater.testing.Installation.Sent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** The committed records of an installation, and the invariants that must hold whatever faults occurred. */
public final class History {
    /** The position of a record. */
    public record Place(int partition, long offset) {}

    private final Installation installation;
    private final Map<Lane, List<ModelVersion>> versions = new TreeMap<>();
    private final Map<Lane, List<Serving>> servings;
    private final Map<Lane, List<TrainerState>> states;
    private final Map<Lane, List<Serving>> kept = new TreeMap<>();
    private final Map<Lane, List<DriftSignal>> drifts = new TreeMap<>();
    private final Map<Lane, List<Evaluation>> evaluations = new TreeMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> deadLetters;

    public History(Installation installation) {
        this.installation = installation;
        try (PartitionReader reader = new PartitionReader(installation.clients())) {
            installation.records(reader, Topic.MODEL_VERSIONS).forEach(record -> {
                ModelVersion version = installation.codec().decodeOrThrow(EventType.MODEL_VERSION, record.value());
                versions.computeIfAbsent(version.ref().lane(), lane -> new ArrayList<>())
                        .add(version);
            });
            servings = byLane(installation.records(reader, Topic.SERVING), EventType.SERVING);
            states = byLane(installation.records(reader, Topic.TRAINER_STATE), EventType.TRAINER_STATE);
            installation.records(reader, Topic.EVALUATIONS).forEach(this::evaluated);
            deadLetters = installation.records(reader, Topic.DEAD_LETTERS);
        }
    }

    private void evaluated(ConsumerRecord<byte[], byte[]> record) {
        if (installation.codec().decode(EventType.EVALUATION, record.value())
                instanceof Outcome.Ok<Evaluation> evaluation) {
            evaluations
                    .computeIfAbsent(evaluation.value().lane(), lane -> new ArrayList<>())
                    .add(evaluation.value());
        } else if (installation.codec().decode(EventType.SERVING, record.value())
                instanceof Outcome.Ok<Serving> decided) {
            Lane lane = Lane.parse(new String(record.key(), StandardCharsets.UTF_8));
            kept.computeIfAbsent(lane, one -> new ArrayList<>()).add(decided.value());
        } else {
            DriftSignal drift = installation.codec().decodeOrThrow(EventType.DRIFT_SIGNAL, record.value());
            drifts.computeIfAbsent(drift.lane(), lane -> new ArrayList<>()).add(drift);
        }
    }

    /** Returns the signals of changes of the stream of a lane. */
    public List<DriftSignal> drifts(String domain) {
        return drifts.getOrDefault(lane(domain), List.of());
    }

    /** Returns the evaluations of a lane. */
    public List<Evaluation> evaluations(String domain) {
        return evaluations.getOrDefault(lane(domain), List.of());
    }

    private <T> Map<Lane, List<T>> byLane(List<ConsumerRecord<byte[], byte[]>> records, EventType<T> type) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        record -> Lane.parse(new String(record.key(), StandardCharsets.UTF_8)),
                        TreeMap::new,
                        Collectors.mapping(
                                record -> installation.codec().decodeOrThrow(type, record.value()),
                                Collectors.toList())));
    }

    public List<ModelVersion> versions(String domain) {
        return versions.getOrDefault(lane(domain), List.of());
    }

    public List<ModelVersion> versions() {
        return versions.values().stream().flatMap(List::stream).toList();
    }

    public List<Serving> servings(String domain) {
        return servings.getOrDefault(lane(domain), List.of());
    }

    /** Returns the promotions and rollbacks of a lane: its serving events without those that only announce thresholds. */
    public List<Serving> decisions(String domain) {
        List<Serving> decisions = new ArrayList<>();
        for (Serving serving : servings(domain)) {
            boolean isNew = decisions.isEmpty()
                    || !serving.since()
                            .equals(decisions.get(decisions.size() - 1).since());
            if (isNew) {
                decisions.add(serving);
            }
        }
        return decisions;
    }

    private static List<Serving> withoutThresholds(List<Serving> decisions) {
        return decisions.stream().map(one -> one.withThresholds(null)).toList();
    }

    /** Returns the promotions and rollbacks of a lane that the topic of the evaluations keeps. */
    public List<Serving> keptDecisions(String domain) {
        return kept.getOrDefault(lane(domain), List.of());
    }

    public List<TrainerState> states(String domain) {
        return states.getOrDefault(lane(domain), List.of());
    }

    /** Returns what the newest version of a lane in closed form knows of its samples. */
    public LaneSums sums(String domain) {
        List<ModelVersion> all = versions(domain);
        return sums(all.get(all.size() - 1).ref());
    }

    private LaneSums sums(VersionRef version) {
        LaneContext context = installation.context();
        Outcome<LaneSums> sums = LaneSums.read(
                Checkpoints.read(installation.store(), version.checkpoint()),
                context.baseModel(),
                context.goal(),
                context.heads());
        assertThat(sums).isInstanceOf(Outcome.Ok.class);
        return ((Outcome.Ok<LaneSums>) sums).value();
    }

    /** Returns the number of samples of a class that the newest version of a lane in closed form contains. */
    public long rows(String domain, String label) {
        LaneSums sums = sums(domain);
        int output = sums.outputs().indexOf(label);
        return output < 0 ? 0 : sums.samples().sums().rowsOf(output);
    }

    /** Returns a digest of what the newest version of a lane in closed form knows of some classes, which must be all that it knows. */
    public Digest digest(String domain, List<String> labels) {
        LaneSums sums = sums(domain);
        List<String> order = new ArrayList<>(labels);
        sums.outputs().stream().filter(name -> !labels.contains(name)).forEach(order::add);
        int[] places = sums.outputs().stream().mapToInt(order::indexOf).toArray();
        AllSamples placed = new AllSamples(
                sums.samples().sums().placed(places), sums.samples().from());
        return new LaneSums(labels, placed).digest();
    }

    public Lane lane(String domain) {
        return installation.lane(domain);
    }

    /** Returns the digests of all versions, by lane and number. */
    public Map<String, Digest> digests() {
        return versions().stream()
                .collect(Collectors.toMap(
                        version -> version.ref().toString(),
                        version -> version.ref().artifact()));
    }

    /** Returns the reasons of dead letters by the position of their record; fails if a record has two dead letters. */
    public Map<Place, Reason> deadLetters() {
        Map<Place, Reason> reasons = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : deadLetters) {
            DeadLetterHeaders headers = headers(letter);
            Place place = new Place(headers.partition(), headers.offset());
            assertThat(reasons.put(place, headers.rejection().reason()))
                    .as("dead letters of %s", place)
                    .isNull();
        }
        return reasons;
    }

    public List<ConsumerRecord<byte[], byte[]>> deadLetterRecords() {
        return deadLetters;
    }

    public static DeadLetterHeaders headers(ConsumerRecord<byte[], byte[]> letter) {
        Map<String, byte[]> headers = new HashMap<>();
        for (Header header : letter.headers()) {
            headers.put(header.key(), header.value());
        }
        return DeadLetterHeaders.decode(headers);
    }

    /**
     * Requires that each record sent was trained on in exactly one version, was passed over in a pause, or is exactly one
     * dead letter.
     */
    public void requireExactlyOnce() {
        requireExactlyOnce(0);
    }

    /** Requires the same of lanes that began anew {@code restarts} times in all. */
    public void requireExactlyOnce(int restarts) {
        List<Sent> sent = installation.sent();
        assertThat(deadLetters().keySet())
                .containsExactlyInAnyOrderElementsOf(sent.stream()
                        .filter(one -> !one.valid())
                        .map(one -> new Place(one.partition(), one.offset()))
                        .toList());
        Map<Lane, List<Sent>> learnable = sent.stream()
                .filter(Sent::valid)
                .collect(Collectors.groupingBy(
                        one -> lane(new String(one.record().key(), StandardCharsets.UTF_8))));
        assertThat(versions.keySet()).isEqualTo(learnable.keySet());
        int found = 0;
        for (Map.Entry<Lane, List<Sent>> one : learnable.entrySet()) {
            found += requireCovered(Objects.requireNonNull(versions.get(one.getKey())), one.getValue());
        }
        assertThat(found).as("new beginnings").isEqualTo(restarts);
        // One checkpoint may contain several decisions, of which the serving topic has the last one, with its newest
        // thresholds.
        learnable
                .keySet()
                .forEach(lane -> assertThat(withoutThresholds(keptDecisions(lane.domain())))
                        .containsSubsequence(withoutThresholds(decisions(lane.domain()))));
        requireArtifacts();
        requireOffsets(sent);
    }

    /** Returns how often the lane began anew. */
    private int requireCovered(List<ModelVersion> lane, List<Sent> samples) {
        assertThat(lane)
                .extracting(version -> version.ref().number())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, lane.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        long covered = 0;
        long total = 0;
        int restarts = 0;
        for (int i = 0; i < lane.size(); i++) {
            ModelVersion version = lane.get(i);
            long from = version.lineage().fromOffset();
            long to = version.lineage().toOffset();
            if (i > 0) {
                assertThat(from).isEqualTo(lane.get(i - 1).lineage().toOffset());
                if (!lane.get(i - 1).ref().equals(version.lineage().parent())) {
                    restarts++;
                    total = 0;
                }
            }
            List<Sent> read = samples.stream()
                    .filter(one -> one.offset() >= from && one.offset() < to)
                    .toList();
            assertThat(read)
                    .allMatch(one -> one.partition() == version.lineage().partition());
            long learned = read.stream()
                    .filter(one -> !version.lineage().skips(one.offset()))
                    .count();
            assertThat(version.lineage().samples()).as("samples of %s", version).isEqualTo((int) learned);
            covered += read.size();
            total += learned;
            assertThat(version.totalSamples()).isEqualTo(total);
        }
        List<TrainerState> saved =
                Objects.requireNonNull(states.get(lane.get(0).ref().lane()));
        TrainerState newest = saved.get(saved.size() - 1);
        long passedOver = samples.stream()
                .filter(one -> one.offset() >= newest.fromOffset() && one.offset() < newest.nextOffset())
                .count();
        assertThat(covered + passedOver).isEqualTo(samples.size());
        return restarts;
    }

    /**
     * Requires that all artifacts named by events are complete in the store, and that the newest state is that of the
     * newest version.
     */
    private void requireArtifacts() {
        List<VersionRef> named = new ArrayList<>();
        versions().forEach(version -> {
            named.add(version.ref());
            if (version.lineage().parent() != null) {
                named.add(version.lineage().parent());
            }
            if (version.lineage().merged() != null) {
                named.add(version.lineage().merged().version());
            }
            installation.store().get(version.lineage().configuration());
        });
        servings.values().forEach(all -> all.forEach(serving -> named.add(serving.version())));
        states.forEach((lane, all) -> {
            List<ModelVersion> published = versions.getOrDefault(lane, List.of());
            assertThat(all)
                    .extracting(TrainerState::version)
                    .contains(published.get(published.size() - 1).ref());
            all.forEach(state -> named.add(state.version()));
        });
        assertThat(states.keySet()).isEqualTo(versions.keySet());
        for (VersionRef ref : Set.copyOf(named)) {
            installation.store().get(ref.artifact());
            Checkpoints.read(installation.store(), ref.checkpoint());
        }
    }

    private void requireOffsets(List<Sent> sent) {
        Map<Integer, Long> ends =
                sent.stream().collect(Collectors.toMap(Sent::partition, one -> one.offset() + 1, Math::max));
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        ends.forEach((partition, end) -> assertThat(committed)
                .containsEntry(installation.topics().partition(Topic.SAMPLES, partition), new OffsetAndMetadata(end)));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        try (Admin admin = installation.clients().admin()) {
            return admin.listConsumerGroupOffsets(installation.group())
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Requires that every version can be rebuilt from its parent and the log. */
    public void requireReplayable() {
        Replay replay = installation.replay();
        try (PartitionReader log = new PartitionReader(installation.clients())) {
            for (ModelVersion version : versions()) {
                assertThat(replay.rebuild(version, log).rebuilt())
                        .as("rebuilt %s", version.ref())
                        .isEqualTo(version.ref().artifact());
            }
        }
    }
}
