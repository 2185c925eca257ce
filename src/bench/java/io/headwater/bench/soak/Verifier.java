package io.headwater.bench.soak;

import io.headwater.codec.Codec;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Prediction;
import io.headwater.domain.Serving;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Counts from the topics and the files of the store alone whether each sample was learned once and each request answered once. Bad
 * records have the header {@link #BAD}; every other sample must be in exactly one version, and every other request must have exactly
 * one prediction.
 */
final class Verifier {
    /** The header of records that must become dead letters. */
    static final String BAD = "soak-bad";

    private final Log committed;
    private final Log everything;
    private final Codec codec;
    private final String adaptation;
    private final ArtifactFiles artifacts;

    /**
     * Creates a verifier.
     *
     * @param committed what committed transactions wrote
     * @param everything what is on the topics, also of aborted transactions
     * @param store folder of the artifacts
     */
    Verifier(Log committed, Log everything, Codec codec, String adaptation, Path store) {
        this.committed = committed;
        this.everything = everything;
        this.codec = codec;
        this.adaptation = adaptation;
        this.artifacts = new ArtifactFiles(store);
    }

    /** The position of a record. */
    private record Place(String topic, int partition, long offset) {}

    /** Counts everything that is on the topics. */
    Tally tally() {
        Tally tally = new Tally();
        Map<Lane, List<ModelVersion>> versions = versions();
        Map<Place, Integer> letters = letters();
        samples(tally, versions, letters);
        requests(tally, versions, letters);
        attempts(tally, versions);
        files(tally, versions);
        return tally;
    }

    /** Returns the committed versions of each lane, in the order of the topic. */
    Map<Lane, List<ModelVersion>> versions() {
        Map<Lane, List<ModelVersion>> versions = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.MODEL_VERSIONS)) {
            ModelVersion version = codec.decodeOrThrow(EventType.MODEL_VERSION, record.value());
            versions.computeIfAbsent(version.ref().lane(), lane -> new ArrayList<>())
                    .add(version);
        }
        return versions;
    }

    /** Returns the number of dead letters of each record. */
    private Map<Place, Integer> letters() {
        Map<Place, Integer> letters = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : committed.of(Topic.DEAD_LETTERS)) {
            Map<String, byte[]> headers = new HashMap<>();
            for (Header header : letter.headers()) {
                headers.put(header.key(), header.value());
            }
            DeadLetterHeaders of = DeadLetterHeaders.decode(headers);
            letters.merge(new Place(of.topic(), of.partition(), of.offset()), 1, Integer::sum);
        }
        return letters;
    }

    /** Counts the dead letters of a record; returns whether it is a good one without any. */
    private static boolean isGood(Tally tally, ConsumerRecord<byte[], byte[]> record, int letters) {
        boolean bad = record.headers().lastHeader(BAD) != null;
        tally.add(Count.BAD_RECORDS, bad ? 1 : 0);
        tally.add(Count.BAD_NOT_ONCE, bad && letters != 1 ? 1 : 0);
        tally.add(Count.WRONG_DEAD_LETTERS, bad ? 0 : letters);
        return !bad && letters == 0;
    }

    private void samples(Tally tally, Map<Lane, List<ModelVersion>> versions, Map<Place, Integer> letters) {
        Map<Lane, LaneAudit> lanes = new TreeMap<>();
        versions.keySet().forEach(lane -> lanes.put(lane, new LaneAudit()));
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.SAMPLES)) {
            if (isGood(tally, record, letters.getOrDefault(place(record), 0))) {
                tally.add(Count.SAMPLES, 1);
                Lane lane = new Lane(adaptation, new String(record.key(), StandardCharsets.UTF_8));
                lanes.computeIfAbsent(lane, absent -> new LaneAudit()).sample(record.partition(), record.offset());
            }
        }
        Map<Lane, TrainerState> states = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.TRAINER_STATE)) {
            TrainerState state = codec.decodeOrThrow(EventType.TRAINER_STATE, record.value());
            states.put(state.version().lane(), state);
        }
        lanes.forEach((lane, audit) -> {
            List<ModelVersion> of = versions.getOrDefault(lane, List.of());
            tally.add(Count.VERSIONS, of.size());
            audit.count(tally, of, states.get(lane));
        });
    }

    private static Place place(ConsumerRecord<byte[], byte[]> record) {
        return new Place(record.topic(), record.partition(), record.offset());
    }

    private void requests(Tally tally, Map<Lane, List<ModelVersion>> versions, Map<Place, Integer> letters) {
        Set<VersionRef> known = new HashSet<>();
        versions.values().forEach(all -> all.forEach(version -> known.add(version.ref())));
        Map<String, Integer> answers = new HashMap<>();
        List<Prediction> predictions = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.PREDICTIONS)) {
            Prediction prediction = codec.decodeOrThrow(EventType.PREDICTION, record.value());
            if (!prediction.shadow()) {
                predictions.add(prediction);
                answers.merge(prediction.requestId(), 1, Integer::sum);
            }
            tally.add(Count.UNKNOWN_VERSION, known.contains(prediction.version()) ? 0 : 1);
        }
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.SERVING)) {
            Serving serving = codec.decodeOrThrow(EventType.SERVING, record.value());
            tally.add(Count.UNKNOWN_VERSION, known.contains(serving.version()) ? 0 : 1);
        }
        Map<String, Place> places = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : committed.of(Topic.REQUESTS)) {
            int refused = letters.getOrDefault(place(record), 0);
            boolean good = isGood(tally, record, refused);
            if (record.headers().lastHeader(BAD) == null) {
                String id =
                        codec.decodeOrThrow(EventType.REQUEST, record.value()).id();
                places.put(id, place(record));
                int answered = answers.getOrDefault(id, 0) + refused;
                tally.add(Count.REQUESTS, 1);
                tally.add(Count.REQUESTS_LOST, good && answered == 0 ? 1 : 0);
                tally.add(Count.REQUESTS_TWICE, Math.max(0, answered - 1));
            }
        }
        order(tally, predictions, places);
    }

    /** Counts predictions that are behind one of a later request of the same partition. */
    private void order(Tally tally, List<Prediction> predictions, Map<String, Place> places) {
        Map<Integer, Long> newest = new HashMap<>();
        for (Prediction prediction : predictions) {
            Place place = places.get(prediction.requestId());
            if (place != null) {
                long before = newest.getOrDefault(place.partition(), -1L);
                tally.add(Count.OUT_OF_ORDER, place.offset() < before ? 1 : 0);
                newest.put(place.partition(), Math.max(before, place.offset()));
            }
        }
    }

    /** What determines the bytes of a version. */
    private record Recipe(Lane lane, String parent, long from, long to, List<Integer> steps) {
        static Recipe of(ModelVersion version) {
            VersionRef parent = version.lineage().parent();
            return new Recipe(
                    version.ref().lane(),
                    parent == null ? "" : parent.checkpoint().hex(),
                    version.lineage().fromOffset(),
                    version.lineage().toOffset(),
                    version.lineage().steps());
        }
    }

    /** Compares what was computed several times from the same parent and the same samples in the same steps. */
    private void attempts(Tally tally, Map<Lane, List<ModelVersion>> versions) {
        Map<Recipe, ModelVersion> kept = new LinkedHashMap<>();
        versions.values().forEach(all -> all.forEach(version -> kept.put(Recipe.of(version), version)));
        long same = 0;
        for (ConsumerRecord<byte[], byte[]> record : everything.of(Topic.MODEL_VERSIONS)) {
            ModelVersion attempt = codec.decodeOrThrow(EventType.MODEL_VERSION, record.value());
            ModelVersion version = kept.get(Recipe.of(attempt));
            if (version != null) {
                same++;
                boolean differs = !version.ref().artifact().equals(attempt.ref().artifact());
                tally.add(Count.ATTEMPTS_DIFFER, differs ? 1 : 0);
            }
        }
        tally.add(Count.ATTEMPTS, Math.max(0, same - kept.size()));
    }

    private void files(Tally tally, Map<Lane, List<ModelVersion>> versions) {
        Set<String> named = new HashSet<>();
        versions.values()
                .forEach(all -> all.forEach(version -> {
                    named.add(version.ref().artifact().hex());
                    named.add(version.ref().checkpoint().hex());
                    named.add(version.lineage().configuration().hex());
                }));
        tally.add(Count.ARTIFACTS, named.size());
        tally.add(Count.ARTIFACTS_MISSING, artifacts.missing(named));
    }
}
