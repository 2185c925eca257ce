package io.headwater.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Request;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verifier of the soak must find. */
class VerifierTest {
    private static final Lane LANE = new Lane("soak", "shop");

    @TempDir
    Path folder;

    private final Codec codec = new Codec(1 << 20);
    private final Records committed = new Records();
    private final Records aborted = new Records();
    private FileArtifactStore store;
    private Digest configuration;
    private VersionRef first;
    private VersionRef second;

    /** Records of topics with one partition. */
    private static final class Records implements Log {
        private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);

        @Override
        public List<ConsumerRecord<byte[], byte[]>> of(Topic topic) {
            return records.computeIfAbsent(topic, absent -> new ArrayList<>());
        }

        ConsumerRecord<byte[], byte[]> add(Topic topic, byte @Nullable [] value) {
            ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                    topic.suffix(), 0, of(topic).size(), LANE.domain().getBytes(StandardCharsets.UTF_8), value);
            of(topic).add(record);
            return record;
        }
    }

    /** Four samples and a bad record in two versions, and a request with its answer. */
    @BeforeEach
    void letAllBeWell() {
        store = new FileArtifactStore(folder, 1 << 20);
        configuration = put("configuration");
        first = ref(1, "first");
        second = ref(2, "second");
        for (int i = 0; i < 5; i++) {
            ConsumerRecord<byte[], byte[]> record = committed.add(Topic.SAMPLES, new byte[] {1});
            if (i == 1) {
                record.headers().add(Verifier.BAD, new byte[] {1});
                refuse(record);
            }
        }
        publish(first, null, 0, 3, 2, 2);
        publish(second, first, 3, 5, 2, 4);
        committed.add(
                Topic.TRAINER_STATE, codec.encode(EventType.TRAINER_STATE, new TrainerState(second, 5, Instant.EPOCH)));
        request("one");
        answer("one", second);
    }

    private Digest put(String text) {
        return store.put(text.getBytes(StandardCharsets.UTF_8));
    }

    private VersionRef ref(long number, String content) {
        return new VersionRef(LANE, number, put(content), put(content + "'s checkpoint"));
    }

    private void publish(VersionRef ref, @Nullable VersionRef parent, long from, long to, int samples, long total) {
        committed.add(Topic.MODEL_VERSIONS, version(ref, parent, from, to, samples, total));
    }

    private byte[] version(VersionRef ref, @Nullable VersionRef parent, long from, long to, int samples, long total) {
        Lineage lineage = new Lineage(parent, 0, from, to, List.of(samples), Digest.of(new byte[0]), configuration);
        return codec.encode(
                EventType.MODEL_VERSION,
                new ModelVersion(ref, lineage, List.of("a", "b"), total, Instant.EPOCH, Map.of()));
    }

    private ConsumerRecord<byte[], byte[]> request(String id) {
        return committed.add(
                Topic.REQUESTS,
                codec.encode(EventType.REQUEST, new Request(id, new Payload.Text("text"), Instant.EPOCH, "")));
    }

    private void answer(String id, VersionRef version) {
        committed.add(
                Topic.PREDICTIONS,
                codec.encode(
                        EventType.PREDICTION,
                        new Prediction(
                                id,
                                LANE.domain(),
                                version,
                                new Label.ClassLabel("a"),
                                Map.of("a", 1f),
                                null,
                                false,
                                Instant.EPOCH)));
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record) {
        ConsumerRecord<byte[], byte[]> letter = committed.add(Topic.DEAD_LETTERS, record.value());
        new DeadLetterHeaders(
                        new Rejection(Reason.MALFORMED, "it is bad"), record.topic(), 0, record.offset(), 0, "soak")
                .encode()
                .forEach((name, value) -> letter.headers().add(name, value));
    }

    private Map<Count, Long> faults() {
        return tally().faults();
    }

    private Tally tally() {
        Log everything = topic -> {
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(committed.of(topic));
            all.addAll(aborted.of(topic));
            return all;
        };
        return new Verifier(committed, everything, codec, "soak", folder).tally();
    }

    @Test
    void shouldFindNothingWhereAllIsWell() {
        Tally tally = tally();
        assertThat(tally.faults()).isEmpty();
        assertThat(tally.of(Count.SAMPLES)).isEqualTo(4);
        assertThat(tally.of(Count.BAD_RECORDS)).isEqualTo(1);
        assertThat(tally.of(Count.REQUESTS)).isEqualTo(1);
        assertThat(tally.of(Count.VERSIONS)).isEqualTo(2);
        assertThat(tally.of(Count.ARTIFACTS)).isEqualTo(5);
    }

    @Test
    void shouldFindALostSample() {
        committed.add(Topic.SAMPLES, new byte[] {1});
        assertThat(faults()).isEqualTo(Map.of(Count.SAMPLES_LOST, 1L));
    }

    @Test
    void shouldFindASampleThatAVersionPassedOver() {
        committed.add(Topic.SAMPLES, new byte[] {1});
        committed.add(Topic.SAMPLES, new byte[] {1});
        VersionRef third = ref(3, "third");
        publish(third, second, 5, 7, 1, 5);
        state(third, 7);
        assertThat(faults()).isEqualTo(Map.of(Count.SAMPLES_LOST, 1L));
    }

    @Test
    void shouldFindASampleThatWasLearnedTwice() {
        VersionRef third = ref(3, "third");
        publish(third, second, 4, 5, 1, 5);
        state(third, 5);
        assertThat(faults()).isEqualTo(Map.of(Count.SAMPLES_TWICE, 1L, Count.LINEAGE_BROKEN, 1L));
    }

    @Test
    void shouldFindAStateThatIsNotThatOfTheLastVersion() {
        state(first, 3);
        assertThat(faults()).isEqualTo(Map.of(Count.LINEAGE_BROKEN, 1L));
    }

    private void state(VersionRef version, long next) {
        committed.add(
                Topic.TRAINER_STATE,
                codec.encode(EventType.TRAINER_STATE, new TrainerState(version, next, Instant.EPOCH)));
    }

    @Test
    void shouldFindARequestWithoutAnswer() {
        request("two");
        assertThat(faults()).isEqualTo(Map.of(Count.REQUESTS_LOST, 1L));
    }

    @Test
    void shouldFindARequestWithTwoAnswers() {
        answer("one", first);
        assertThat(faults()).isEqualTo(Map.of(Count.REQUESTS_TWICE, 1L));
    }

    @Test
    void shouldFindAnswersInAnotherOrder() {
        request("two");
        request("three");
        answer("three", second);
        answer("two", second);
        assertThat(faults()).isEqualTo(Map.of(Count.OUT_OF_ORDER, 1L));
    }

    @Test
    void shouldFindAnAnswerOfAVersionThatWasNeverCommitted() {
        request("two");
        answer("two", new VersionRef(LANE, 3, first.artifact(), first.checkpoint()));
        assertThat(faults()).isEqualTo(Map.of(Count.UNKNOWN_VERSION, 1L));
    }

    @Test
    void shouldFindARefusedRequestThatIsGood() {
        refuse(request("two"));
        assertThat(faults()).isEqualTo(Map.of(Count.WRONG_DEAD_LETTERS, 1L));
    }

    @Test
    void shouldFindABadRecordWithoutDeadLetterAndOneWithTwo() {
        ConsumerRecord<byte[], byte[]> bad = committed.add(Topic.REQUESTS, new byte[] {1});
        bad.headers().add(Verifier.BAD, new byte[] {1});
        assertThat(faults()).isEqualTo(Map.of(Count.BAD_NOT_ONCE, 1L));

        refuse(bad);
        assertThat(faults()).isEmpty();

        refuse(bad);
        assertThat(faults()).isEqualTo(Map.of(Count.BAD_NOT_ONCE, 1L));
    }

    @Test
    void shouldFindArtifactsThatAreMissingOrDamaged() throws Exception {
        Files.delete(file(first.checkpoint()));
        Files.delete(file(second.artifact()));
        Files.writeString(file(second.artifact()), "damaged");
        assertThat(faults()).isEqualTo(Map.of(Count.ARTIFACTS_MISSING, 2L));
    }

    private Path file(Digest digest) {
        return folder.resolve("sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
    }

    @Test
    void shouldCompareAttemptsWithTheSameSamplesInTheSameSteps() {
        aborted.add(Topic.MODEL_VERSIONS, version(second, first, 3, 5, 2, 4));
        assertThat(faults()).isEmpty();
        assertThat(tally().of(Count.ATTEMPTS)).isEqualTo(1);

        aborted.add(Topic.MODEL_VERSIONS, version(ref(2, "another"), first, 3, 5, 2, 4));
        aborted.add(Topic.MODEL_VERSIONS, version(ref(2, "of other samples"), first, 3, 4, 1, 3));
        assertThat(faults()).isEqualTo(Map.of(Count.ATTEMPTS_DIFFER, 1L));
        assertThat(tally().of(Count.ATTEMPTS)).isEqualTo(2);
    }
}
