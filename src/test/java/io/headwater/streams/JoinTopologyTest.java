package io.headwater.streams;

import static io.headwater.streams.DrivenJoin.START;
import static io.headwater.streams.DrivenJoin.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Provenance;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import io.headwater.kafka.Topic;
import io.headwater.streams.DrivenJoin.Letter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTopologyTest {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration LATER = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private DrivenJoin join;

    @BeforeEach
    void open() {
        join = new DrivenJoin(folder);
    }

    @AfterEach
    void close() {
        join.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rpl", "rlp", "prl", "plr", "lrp", "lpr"})
    void shouldJoinInAnyOrder(String order) {
        order.chars().forEach(one -> {
            switch (one) {
                case 'r' -> join.request("1", ZERO);
                case 'p' -> join.prediction("1", "bad", Duration.ofSeconds(1));
                default -> join.label("1", new ClassLabel("good"), START.plusSeconds(100), LATER);
            }
        });

        List<Sample> samples = join.samples();
        assertThat(samples)
                .containsExactly(new Sample(
                        "1",
                        new Payload.Text("text of 1"),
                        new ClassLabel("good"),
                        START.plusSeconds(100),
                        new Provenance(version("reviews", 3), START, START.plusSeconds(1), null, 0)));
        assertThat(join.count(JoinEvent.JOINED)).isEqualTo(1);
        assertThat(join.delays).containsExactly(LATER);
        assertThat(join.letters()).isEmpty();
    }

    @Test
    void shouldIgnoreALabelThatComesAgain() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", "good", LATER)
                .label("1", "good", LATER);

        assertThat(join.samples()).hasSize(1);
        assertThat(join.count(JoinEvent.REPEATED)).isEqualTo(1);
        assertThat(join.letters()).isEmpty();
    }

    @Test
    void shouldCorrectByALabelThatWasObservedLaterAndIgnoreOneOfBefore() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", new ClassLabel("good"), START.plusSeconds(20), LATER)
                .label("1", new ClassLabel("bad"), START.plusSeconds(30), LATER)
                .label("1", new ClassLabel("fair"), START.plusSeconds(25), LATER);

        assertThat(join.samples())
                .extracting(Sample::label, sample -> provenance(sample).corrects())
                .containsExactly(
                        tuple(new ClassLabel("good"), null), tuple(new ClassLabel("bad"), new ClassLabel("good")));
        assertThat(join.count(JoinEvent.CORRECTED)).isEqualTo(1);
        assertThat(join.count(JoinEvent.OUTDATED)).isEqualTo(1);
    }

    /** The label that a later repetition confirms is not outdone by one that was observed in between. */
    @Test
    void shouldTakeARepetitionAsTheTimeOfTheLabel() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", new ClassLabel("good"), START.plusSeconds(20), LATER)
                .label("1", new ClassLabel("good"), START.plusSeconds(40), LATER)
                .label("1", new ClassLabel("bad"), START.plusSeconds(30), LATER);

        assertThat(join.samples()).hasSize(1);
        assertThat(join.count(JoinEvent.OUTDATED)).isEqualTo(1);
    }

    @Test
    void shouldKnowThatNoLabelWasObservedAfterItCame() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", new ClassLabel("good"), Instant.parse("2300-01-01T00:00:00Z"), LATER)
                .label("1", "bad", LATER.plusSeconds(1));

        assertThat(join.count(JoinEvent.CORRECTED)).isEqualTo(1);
    }

    @Test
    void shouldBoundTheCorrectionsOfARequest() {
        join.request("1", ZERO).prediction("1", "bad", ZERO);
        for (int i = 0; i <= LabelledAnswers.MOST_CORRECTIONS + 5; i++) {
            join.label("1", "label " + i, LATER.plusSeconds(i));
        }

        assertThat(join.samples()).hasSize(1 + LabelledAnswers.MOST_CORRECTIONS);
        assertThat(join.letters())
                .hasSize(5)
                .allSatisfy(letter ->
                        assertThat(letter.headers().rejection().reason()).isEqualTo(Reason.TOO_MANY_LABELS));
    }

    @Test
    void shouldLetARequestExpireOnceAndForgetIt() {
        join.request("1", ZERO).prediction("1", "bad", ZERO).request("2", ZERO).reach(Duration.ofDays(7));

        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(1);
        assertThat(join.count(JoinEvent.UNANSWERED)).isEqualTo(1);
        assertThat(join.size(JoinTopology.OPEN_REQUESTS)).isZero();

        join.reach(Duration.ofDays(8)).label("1", "good", Duration.ofDays(8)).reach(Duration.ofDays(9));

        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(1);
        assertThat(join.samples()).isEmpty();
        assertReasons(Reason.UNKNOWN_REQUEST);
    }

    @Test
    void shouldNotLetARequestExpireWhoseLabelIsInABacklog() {
        join.labelsUntil = DrivenJoin.START.plus(Duration.ofDays(1)).toEpochMilli();
        join.request("1", ZERO).prediction("1", "bad", ZERO).reach(Duration.ofDays(8));

        assertThat(join.count(JoinEvent.EXPIRED)).isZero();

        join.label("1", "good", Duration.ofDays(6));
        join.labelsUntil = Long.MAX_VALUE;
        join.reach(Duration.ofDays(9));

        assertThat(join.samples()).hasSize(1);
        assertThat(join.count(JoinEvent.EXPIRED)).isZero();
        assertThat(join.letters()).isEmpty();
        assertThat(join.size(JoinTopology.OPEN_REQUESTS)).isZero();
    }

    @Test
    void shouldForgetEverythingInTheEnd() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", "good", LATER)
                .label("unknown", "good", LATER)
                .prediction("3", version("other", 1), "bad", ZERO)
                .reach(Duration.ofDays(8))
                .reach(Duration.ofDays(30));

        assertThat(JoinTopology.STORES)
                .filteredOn(store ->
                        !List.of(JoinTopology.ANSWERS, JoinTopology.DUE).contains(store))
                .allSatisfy(store -> assertThat(join.size(store)).as(store).isZero());
        // The request that told the time.
        assertThat(join.size(JoinTopology.ANSWERS)).isEqualTo(1);
        assertThat(join.size(JoinTopology.DUE)).isEqualTo(1);
    }

    /** It came in time for the state, but not for the rule, which does not depend on how fast records are read. */
    @Test
    void shouldRefuseALabelThatCameTooLateAlthoughTheRequestIsStillThere() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .label("1", "good", Duration.ofDays(7).plusMillis(1));

        assertThat(join.samples()).isEmpty();
        assertReasons(Reason.UNKNOWN_REQUEST);
    }

    /** A backlog is read faster than its labels take their way over the partitions of their domains. */
    @Test
    void shouldJoinALabelThatIsReadAfterLaterRequests() {
        join.request("1", ZERO).prediction("1", "bad", ZERO).request("2", Duration.ofDays(8));
        join.label("1", "good", LATER);

        assertThat(join.samples()).hasSize(1);
    }

    @Test
    void shouldMakeADeadLetterOfALabelForAnUnknownRequest() {
        byte[] value = DrivenJoin.CODEC.encode(
                EventType.LATE_LABEL, new LateLabel("x", DrivenJoin.DOMAIN, new ClassLabel("good"), Instant.EPOCH));
        join.request("0", ZERO)
                .send(Topic.LABELS, DrivenJoin.utf8("x"), value, LATER)
                .reach(Duration.ofMinutes(69));
        assertThat(join.letters()).isEmpty();

        join.reach(Duration.ofMinutes(70));

        List<Letter> letters = join.letters();
        assertThat(letters).hasSize(1);
        Letter letter = letters.get(0);
        assertThat(letter.key()).isEqualTo(DrivenJoin.utf8("x"));
        assertThat(letter.value()).isEqualTo(value);
        assertThat(letter.headers().topic()).isEqualTo("test.labels");
        assertThat(letter.headers().partition()).isZero();
        assertThat(letter.headers().offset()).isZero();
        assertThat(letter.headers().timestamp()).isEqualTo(START.plus(LATER).toEpochMilli());
        assertThat(letter.headers().adaptation()).isEqualTo("reviews");
        assertThat(letter.headers().rejection().reason()).isEqualTo(Reason.UNKNOWN_REQUEST);
        assertThat(letter.headers().rejection().message()).contains("'x' of domain 'shop'", "headwater.labels.wait");
        assertThat(join.size(JoinTopology.EARLY_LABELS)).isZero();
    }

    /** A predictor may be away for longer than labels wait for unknown requests. */
    @Test
    void shouldLetALabelWaitForThePredictionAsLongAsItsRequestIsOpen() {
        join.request("1", ZERO).label("1", "good", LATER).reach(Duration.ofDays(3));
        assertThat(join.letters()).isEmpty();

        join.prediction("1", "good", Duration.ofDays(3));

        assertThat(join.samples()).hasSize(1);
    }

    @Test
    void shouldMakeADeadLetterOfALabelWhoseRequestIsNeverAnswered() {
        join.request("1", ZERO).label("1", "good", LATER).reach(Duration.ofDays(7));

        assertReasons(Reason.UNKNOWN_REQUEST);
        assertThat(join.count(JoinEvent.UNANSWERED)).isEqualTo(1);
    }

    @Test
    void shouldKeepTheLatestOfTheLabelsThatWait() {
        join.label("1", new ClassLabel("good"), START.plusSeconds(20), LATER)
                .label("1", new ClassLabel("bad"), START.plusSeconds(10), LATER)
                .label("1", new ClassLabel("good"), START.plusSeconds(20), LATER)
                .label("1", new ClassLabel("fair"), START.plusSeconds(30), LATER)
                .request("1", LATER)
                .prediction("1", "bad", LATER);

        assertThat(join.samples()).extracting(Sample::label).containsExactly(new ClassLabel("fair"));
        assertThat(join.count(JoinEvent.OUTDATED)).isEqualTo(2);
        assertThat(join.count(JoinEvent.REPEATED)).isEqualTo(1);
    }

    @Test
    void shouldMakeDeadLettersOfLabelsThatCannotBeReadOrAreOfTheWrongKind() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .send(Topic.LABELS, DrivenJoin.utf8("1"), new byte[] {9, 9}, LATER)
                .label("1", new Label.Values(new float[] {1}), Instant.EPOCH, LATER);

        assertReasons(Reason.UNKNOWN_SCHEMA, Reason.WRONG_KIND);
        assertThat(join.rejections).hasSize(2);

        join.label("1", "good", LATER);
        assertThat(join.samples()).hasSize(1);
    }

    @Test
    void shouldIgnoreRequestsThatCannotBeReadAndForeignPredictions() {
        join.send(Topic.REQUESTS, DrivenJoin.utf8("shop"), new byte[] {1}, ZERO)
                .send(Topic.REQUESTS, DrivenJoin.utf8("a/b"), new byte[] {1}, ZERO)
                .send(Topic.PREDICTIONS, DrivenJoin.utf8("shop"), new byte[] {1}, ZERO);

        assertThat(join.letters()).isEmpty();
        assertThat(join.foreign).containsExactly("test.predictions");
    }

    @Test
    void shouldKeepTheFirstOfTwoRequestsWithTheSameId() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .request("1", LATER)
                .prediction("1", version("reviews", 4), "good", LATER)
                .label("1", "good", LATER);

        assertThat(join.samples())
                .extracting(sample -> provenance(sample).version().number())
                .containsExactly(3L);
        assertThat(join.count(JoinEvent.REASKED)).isEqualTo(1);
    }

    /** Topics without LogAppendTime take the times of producers. */
    @Test
    void shouldNotBelieveTimesOfTheFuture() {
        join.now = START.plus(LATER);
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .request("2", Duration.ofDays(100))
                .label("2", "good", Duration.ofDays(100))
                .reach(Duration.ofDays(200));
        assertThat(join.count(JoinEvent.EXPIRED)).isZero();

        join.label("1", "good", LATER);

        assertThat(join.samples()).hasSize(1);
    }

    @Test
    void shouldLeaveRequestsToTheAdaptationThatAnswersThem() {
        try (DrivenJoin other = new DrivenJoin(folder.resolve("other"), "other", false)) {
            Random random = new Random(7);
            int count = 200;
            List<Runnable> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String id = Integer.toString(i);
                boolean isOurs = random.nextBoolean();
                String named = random.nextBoolean() ? "" : isOurs ? "reviews" : "other";
                records.add(() -> both(other, one -> one.request(id, named, ZERO)));
                records.add(() ->
                        both(other, one -> one.prediction(id, version(isOurs ? "reviews" : "other", 1), "bad", ZERO)));
                records.add(() -> both(other, one -> one.label(id, "good", LATER)));
            }
            Collections.shuffle(records, random);
            records.forEach(Runnable::run);
            both(other, one -> one.send(Topic.LABELS, DrivenJoin.utf8("1"), new byte[] {9}, LATER));
            both(other, one -> one.label("unknown", "good", LATER));
            both(other, one -> one.reach(Duration.ofDays(8)));

            List<String> ids =
                    new ArrayList<>(join.samples().stream().map(Sample::id).toList());
            ids.addAll(other.samples().stream().map(Sample::id).toList());
            assertThat(ids)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, count)
                            .mapToObj(Integer::toString)
                            .toList());
            assertReasons(Reason.UNKNOWN_SCHEMA, Reason.UNKNOWN_REQUEST);
            assertThat(other.letters()).isEmpty();
            assertThat(other.size(JoinTopology.EARLY_LABELS)).isZero();
            assertThat(other.size(JoinTopology.OPEN_REQUESTS)).isZero();
        }
    }

    private void both(DrivenJoin other, Consumer<DrivenJoin> action) {
        action.accept(join);
        action.accept(other);
    }

    /** Every request is joined once or expires once, in whatever order records come. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldJoinOrExpireEachRequestOnce(int seed) {
        Random random = new Random(seed);
        int count = 300;
        int labelled = 0;
        List<Runnable> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = Integer.toString(i);
            Duration at = Duration.ofSeconds(random.nextInt(3000));
            records.add(() -> join.request(id, at));
            records.add(() -> join.prediction(id, "bad", at.plusSeconds(random.nextInt(10))));
            if (random.nextBoolean()) {
                labelled++;
                int times = 1 + random.nextInt(3);
                for (int j = 0; j < times; j++) {
                    records.add(() -> join.label(id, "good", at.plusSeconds(random.nextInt(100))));
                }
            }
        }
        Collections.shuffle(records, random);
        records.forEach(Runnable::run);
        join.reach(Duration.ofDays(8)).reach(Duration.ofDays(9));

        assertThat(join.samples()).hasSize(labelled).extracting(Sample::id).doesNotHaveDuplicates();
        assertThat(join.count(JoinEvent.JOINED)).isEqualTo(labelled);
        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(count - labelled);
        assertThat(join.letters()).isEmpty();
        assertThat(join.evaluations()).isNotEmpty();
    }

    private static Provenance provenance(Sample sample) {
        return Objects.requireNonNull(sample.provenance());
    }

    private void assertReasons(Reason... reasons) {
        assertThat(join.letters())
                .extracting(letter -> letter.headers().rejection().reason())
                .containsExactly(reasons);
    }
}
