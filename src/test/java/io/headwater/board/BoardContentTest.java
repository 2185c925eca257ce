package io.headwater.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.board.LaneView.Learning;
import io.headwater.codec.Codec;
import io.headwater.codec.DeadLetterHeaders;
import io.headwater.codec.EventType;
import io.headwater.domain.Ask;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.ClassAnswer;
import io.headwater.domain.Digest;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.DriftSignal.Level;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.TrainerState;
import io.headwater.domain.TrainerState.Pause;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the board shows of the records of its topics. */
class BoardContentTest {
    private static final Lane SHOP = new Lane("reviews", "shop");
    private static final Instant BEGAN = Instant.parse("2026-11-30T10:00:00Z");

    private final Topics topics = new Topics("t.", 2, (short) 1, 1, 1 << 20);
    private final Codec codec = new Codec(1 << 20);
    private final BoardContent content = new BoardContent(topics, codec);
    private long offset;

    @Test
    void shouldShowWhatServesAndWhatTheTrainerDoes() {
        apply(Topic.SERVING, SHOP.key(), EventType.SERVING, serving(3, true, BEGAN));
        assertThat(lane().learning()).isEqualTo(Learning.HELD);
        assertThat(lane().serving()).isEqualTo(version(3));

        apply(
                Topic.TRAINER_STATE,
                SHOP.key(),
                EventType.TRAINER_STATE,
                new TrainerState(version(5), 0, 7, BEGAN, new Pause(BEGAN, "by ana: labels are checked"), null, 1));
        assertThat(lane().learning()).isEqualTo(Learning.PAUSED);
        assertThat(lane().reason()).contains("ana");
        assertThat(lane().newest()).isEqualTo(5);

        long before = content.revision();
        record(Topic.SERVING, SHOP.key(), null);
        assertThat(lane().serving()).isNull();
        assertThat(content.changedSince(before)).extracting(LaneView::lane).containsExactly(SHOP);
        assertThat(content.changedSince(content.revision())).isEmpty();
    }

    @Test
    void shouldEstimateTheScoreOfTheNewestSamplesByTheMetricOfTheGate() {
        evaluation(Kind.PREQUENTIAL, 50, Map.of("championAccuracy", 0.1, "learnerAccuracy", 0.2));
        evaluation(Kind.PROMOTED, 50, Map.of("championF1", 0.5, "challengerF1", 0.6));
        for (int i = 0; i < 30; i++) {
            evaluation(Kind.PREQUENTIAL, 10, Map.of("championF1", i < 10 ? 0.0 : 1.0, "contender.ridge", 0.5));
        }

        ScoreEstimate score = Objects.requireNonNull(lane().score());
        assertThat(score.metric()).isEqualTo("f1");
        assertThat(score.samples()).isEqualTo(LaneTrack.RECENT);
        assertThat(score.mean()).isEqualTo(1);
        assertThat(lane().curve()).hasSize(30);
        LaneStory story = content.story(SHOP).orElseThrow();
        assertThat(story.contenders()).containsExactly(Map.entry("ridge", 0.5));
        assertThat(story.verdicts()).extracting(Mark::kind).containsExactly(Mark.Kind.PROMOTED);
        assertThat(story.marks()).isEmpty();
    }

    /** The newest answers count, however many classes there are, and the newest mistakes are known. */
    @Test
    void shouldCountWhatServedAnswered() {
        for (int i = 0; i < 60; i++) {
            List<ClassAnswer> answers = new ArrayList<>();
            for (int j = 0; j < 50; j++) {
                answers.add(
                        new ClassAnswer(50L * i + j, "c" + (i + j) % 40, j == 0 ? "c" + i : "c" + (i + j) % 40, 0.55));
            }
            answered(7, ClassAnswers.of(answers));
        }

        ClassReport report = content.story(SHOP).orElseThrow().answers();
        assertThat(report.samples()).isBetween(AnswerTally.HALF, 2 * AnswerTally.HALF);
        assertThat(report.pairs()).hasSizeLessThanOrEqualTo(2 * AnswerTally.PAIRS);
        assertThat(report.others()).isNotNegative();
        assertThat(report.bins()).singleElement().satisfies(bin -> {
            assertThat(bin.tenth()).isEqualTo(5);
            assertThat(bin.samples()).isEqualTo(report.samples());
        });
        double accuracy = report.bins().get(0).right() / (double) report.samples();
        assertThat(report.calibrationError()).isCloseTo(accuracy - 0.55, within(1e-9));
        assertThat(report.mistakes())
                .hasSizeLessThanOrEqualTo(AnswerTally.MISTAKES)
                .isNotEmpty();
        assertThat(report.mistakes()).extracting(MistakeRow::offset).isSorted();
        assertThat(report.mistakes())
                .allSatisfy(mistake -> assertThat(mistake.version()).isEqualTo(7));

        // When there are more classes than can be counted
        for (int i = 0; i < 4 * AnswerTally.HALF; i += 100) {
            List<ClassAnswer> answers = new ArrayList<>();
            for (int j = 0; j < 100; j++) {
                answers.add(new ClassAnswer(i + j, "c" + (i + j), "right", 1));
            }
            answered(8, ClassAnswers.of(answers));
        }

        // Then
        ClassReport many = content.story(SHOP).orElseThrow().answers();
        assertThat(many.pairs()).hasSizeLessThanOrEqualTo(2 * AnswerTally.PAIRS);
        assertThat(many.others()).isPositive();
        assertThat(many.calibrationError()).isEqualTo(1);
    }

    private void answered(long version, ClassAnswers answers) {
        apply(
                Topic.EVALUATIONS,
                SHOP.key(),
                EventType.EVALUATION,
                new Evaluation(
                        SHOP,
                        Kind.PREQUENTIAL,
                        version,
                        null,
                        offset,
                        offset + 1,
                        1,
                        Map.of(),
                        "",
                        answers,
                        BEGAN.plusSeconds(offset)));
    }

    @Test
    void shouldShowDriftAsLongAsItIsAmongTheSamplesOfTheScore() {
        evaluation(Kind.PREQUENTIAL, LaneTrack.RECENT / 2, Map.of("championAccuracy", 0.9));
        drift(Level.DRIFT);
        drift(Level.WARNING);
        evaluation(Kind.PREQUENTIAL, LaneTrack.RECENT / 2, Map.of("championAccuracy", 0.4));
        assertThat(Objects.requireNonNull(lane().drift()).level()).isEqualTo(Level.DRIFT);
        assertThat(content.story(SHOP).orElseThrow().marks())
                .extracting(Mark::kind)
                .containsExactly(Mark.Kind.DRIFT, Mark.Kind.WARNING);

        evaluation(Kind.PREQUENTIAL, LaneTrack.RECENT, Map.of("championAccuracy", 0.9));
        assertThat(lane().drift()).isNull();
    }

    private void drift(Level level) {
        apply(
                Topic.EVALUATIONS,
                SHOP.key(),
                EventType.DRIFT_SIGNAL,
                new DriftSignal(SHOP, "error-rise", level, "championError", 3, 2, offset, BEGAN.plusSeconds(offset)));
    }

    @Test
    void shouldNotAskForWhatIsLabelledWhateverIsReadFirst() {
        label("before");
        ask("before");
        ask("after");
        ask("after");
        ask("open");
        label("after");

        assertThat(content.asks(SHOP)).extracting(OpenAsk::id).containsExactly("open");
        assertThat(lane().asks()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheNewestRequestsAndLettersOnly() {
        for (int i = 0; i < BoardContent.ASKS + 10; i++) {
            ask("q" + i);
        }
        for (int i = 0; i < BoardContent.LETTERS + 10; i++) {
            letter(i % 2 == 0 ? "shop" : "elsewhere");
        }

        assertThat(content.asks(SHOP))
                .hasSize(BoardContent.ASKS)
                .first()
                .satisfies(ask -> assertThat(ask.id()).isEqualTo("q" + (BoardContent.ASKS + 9)));
        assertThat(lane().asks()).isEqualTo(BoardContent.ASKS);
        assertThat(content.letters()).hasSize(BoardContent.LETTERS);
        assertThat(lane().letters()).isEqualTo((BoardContent.LETTERS + 10) / 2);
    }

    /** Topics are read side by side: the letter of a record may be read before what the lane has learned. */
    @Test
    void shouldCountTheLettersThatAreReadBeforeTheirLane() {
        letter("shop");
        letter("elsewhere");
        letter("shop");
        assertThat(content.lanes()).isEmpty();

        evaluation(Kind.PREQUENTIAL, 1, Map.of());
        letter("shop");

        assertThat(lane().letters()).isEqualTo(3);
    }

    /** A dead letter names any domain, and other programs write anything. */
    @Test
    void shouldNotTakeALaneFromAStranger() {
        letter("stranger");
        record(Topic.SERVING, "no lane", new byte[] {1});
        record(Topic.SERVING, "reviews/shop", new byte[] {1});
        record(Topic.DEAD_LETTERS, "shop", new byte[] {1});
        record(Topic.LABELS, "shop", new byte[] {1});

        assertThat(content.lanes()).isEmpty();
        assertThat(content.letters()).hasSize(1);
    }

    private LaneView lane() {
        return content.story(SHOP).orElseThrow().lane();
    }

    private static VersionRef version(long number) {
        return new VersionRef(SHOP, number, Digest.of(new byte[] {(byte) number}), Digest.of(new byte[] {1}));
    }

    private static Serving serving(long number, boolean held, Instant since) {
        return new Serving(version(number), null, held ? DecidedBy.PERSON : DecidedBy.GATE, "because", held, since);
    }

    private void evaluation(Kind kind, int samples, Map<String, Double> metrics) {
        apply(
                Topic.EVALUATIONS,
                SHOP.key(),
                EventType.EVALUATION,
                new Evaluation(
                        SHOP,
                        kind,
                        1L,
                        null,
                        offset,
                        offset + samples,
                        samples,
                        metrics,
                        "",
                        BEGAN.plusSeconds(offset)));
    }

    private void ask(String id) {
        apply(
                Topic.ASKS,
                SHOP.key(),
                EventType.ASK,
                new Ask(
                        SHOP,
                        id,
                        new Payload.Text("text"),
                        version(1),
                        new Label.ClassLabel("a"),
                        0.5,
                        "margin",
                        0.5,
                        BEGAN));
    }

    private void label(String id) {
        apply(Topic.LABELS, id, EventType.LATE_LABEL, new LateLabel(id, "shop", new Label.ClassLabel("a"), BEGAN));
    }

    private void letter(String domain) {
        ConsumerRecord<byte[], byte[]> letter = new ConsumerRecord<>(
                topics.name(Topic.DEAD_LETTERS), 0, offset++, domain.getBytes(StandardCharsets.UTF_8), new byte[] {1});
        new DeadLetterHeaders(new Rejection(Reason.BAD_LABEL, "no"), "t.samples", 0, 1, 0, "reviews")
                .encode()
                .forEach(letter.headers()::add);
        content.apply(letter);
    }

    private <T> void apply(Topic topic, String key, EventType<T> type, T event) {
        record(topic, key, codec.encode(type, event));
    }

    private void record(Topic topic, String key, byte @Nullable [] value) {
        content.apply(
                new ConsumerRecord<>(topics.name(topic), 0, offset++, key.getBytes(StandardCharsets.UTF_8), value));
    }
}
