package io.headwater.streams;

import static io.headwater.streams.DrivenJoin.START;
import static io.headwater.streams.DrivenJoin.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that no honest client sends: what they cost, and what becomes of them. */
class HostileLabelsTest {
    /** Number of labels for one request; {@code -Dheadwater.labels=1000000} tries a million. */
    private static final int LABELS = Integer.getInteger("headwater.labels", 200);

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

    /** Each label is observed later than the one before, and comes in another millisecond. */
    private void flood(String id, int count) {
        for (int i = 0; i < count; i++) {
            Duration at = LATER.plusMillis(i);
            join.label(id, new ClassLabel("label " + i % 7), START.plus(at), at);
        }
    }

    @Test
    void shouldKeepOneOfManyLabelsForAnUnknownRequest() {
        join.request("0", Duration.ZERO);
        int due = join.size(JoinTopology.DUE);

        flood("unknown", LABELS);

        assertThat(join.size(JoinTopology.EARLY_LABELS)).isEqualTo(1);
        assertThat(join.size(JoinTopology.DUE)).isEqualTo(due + 1);
        assertThat(join.count(JoinEvent.OUTDATED)).isEqualTo(LABELS - 1);

        join.reach(LATER.plusHours(1).plusMillis(LABELS))
                .reach(LATER.plusHours(2).plusMillis(LABELS));

        assertThat(join.letters())
                .extracting(letter -> letter.headers().rejection().reason())
                .containsExactly(Reason.UNKNOWN_REQUEST);
        assertThat(join.size(JoinTopology.EARLY_LABELS)).isZero();
        assertThat(join.samples()).isEmpty();
    }

    /** The label that came last waits as long as any other. */
    @Test
    void shouldLetTheNewestOfTheLabelsWaitItsFullTime() {
        join.label("1", new ClassLabel("good"), START.plusSeconds(1), LATER)
                .label("1", new ClassLabel("bad"), START.plusSeconds(2), LATER.plusMinutes(50))
                .reach(LATER.plusMinutes(61));
        assertThat(join.letters()).isEmpty();

        join.request("1", LATER.plusMinutes(62)).prediction("1", "good", LATER.plusMinutes(62));

        assertThat(join.samples()).extracting(Sample::label).containsExactly(new ClassLabel("bad"));
    }

    @Test
    void shouldBoundTheStateOfManyLabelsForAnAnsweredRequest() {
        join.request("1", Duration.ZERO).prediction("1", "bad", Duration.ZERO);
        flood("1", 20);
        int due = join.size(JoinTopology.DUE);

        flood("1", LABELS);

        assertThat(join.size(JoinTopology.DUE)).isEqualTo(due);
        assertThat(join.size(JoinTopology.ANSWERS)).isEqualTo(1);
        assertThat(join.size(JoinTopology.EARLY_LABELS)).isZero();
        assertThat(join.size(JoinTopology.RUNNING_EVALUATIONS)).isEqualTo(2);
        assertThat(join.samples()).hasSize(1 + LabelledAnswers.MOST_CORRECTIONS);
        assertThat(join.letters())
                .isNotEmpty()
                .allSatisfy(letter ->
                        assertThat(letter.headers().rejection().reason()).isEqualTo(Reason.TOO_MANY_LABELS));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void shouldMakeADeadLetterOfALabelThatIsYearsLate(int years) {
        join.now = START.plus(Duration.ofDays(400_000));
        Duration late = Duration.ofDays(365L * years);
        join.request("1", Duration.ZERO).prediction("1", "bad", Duration.ZERO).label("1", "good", late);
        join.reach(late.plusHours(2));

        assertThat(join.samples()).isEmpty();
        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(1);
        assertThat(join.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.headers().rejection().reason()).isEqualTo(Reason.UNKNOWN_REQUEST);
            assertThat(letter.headers().rejection().message()).contains("headwater.labels.wait");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"})
    void shouldTakeAnyTimeOfObservation(String observed) {
        join.request("1", Duration.ZERO)
                .prediction("1", "bad", Duration.ZERO)
                .label("1", new ClassLabel("good"), Instant.parse(observed), LATER);

        assertThat(join.samples()).hasSize(1);
        assertThat(join.letters()).isEmpty();
    }

    /** Topics that take the times of producers, whose clocks jump by years in both directions. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldJoinOrExpireEachRequestOnceAlthoughClocksJump(int seed) {
        Random random = new Random(seed);
        int count = 150;
        join.now = START.plus(Duration.ofDays(10));
        for (int i = 0; i < count; i++) {
            String id = Integer.toString(i);
            join.request(id, jump(random))
                    .prediction(id, "bad", jump(random))
                    .label(id, new ClassLabel("good"), START.plus(jump(random)), jump(random));
        }
        join.now = START.plus(Duration.ofDays(1000));
        join.reach(Duration.ofDays(100)).reach(Duration.ofDays(200));

        int joined = join.count(JoinEvent.JOINED);
        assertThat(joined).isBetween(1, count - 1);
        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(count - joined);
        assertThat(join.samples()).hasSize(joined).extracting(Sample::id).doesNotHaveDuplicates();
        assertThat(join.letters())
                .hasSize(count - joined)
                .allSatisfy(letter ->
                        assertThat(letter.headers().rejection().reason()).isEqualTo(Reason.UNKNOWN_REQUEST));
        // The request that told the time is all that is left.
        assertThat(join.size(JoinTopology.OPEN_REQUESTS)).isZero();
        assertThat(join.size(JoinTopology.EARLY_LABELS)).isZero();
        assertThat(join.size(JoinTopology.ANSWERS)).isEqualTo(1);
    }

    private static Duration jump(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Duration.ofDays(random.nextInt(3650) - 3650L);
            case 1 -> Duration.ofDays(random.nextInt(3650));
            default -> Duration.ofMinutes(random.nextInt(1000));
        };
    }

    /** The probability with which a request was chosen goes into the sample and into the weights of the evaluation. */
    @Test
    void shouldWeighTheLabelsOfRequestsThatWereChosen() {
        join.request("1", Duration.ZERO)
                .prediction("1", version("reviews", 3), "good", 0.25, Duration.ZERO)
                .label("1", "good", LATER)
                .request("2", Duration.ZERO)
                .prediction("2", version("reviews", 3), "bad", 0.5, Duration.ZERO)
                .label("2", "good", LATER)
                .reach(Duration.ofHours(2));

        assertThat(join.samples())
                .extracting(
                        sample -> Objects.requireNonNull(sample.provenance()).asked())
                .containsExactly(0.25, 0.5);
        LateEvaluation evaluation = join.evaluations().stream()
                .filter(one -> one.halfLife().isZero())
                .findFirst()
                .orElseThrow();
        assertThat(evaluation.labelled()).isEqualTo(2);
        assertThat(evaluation.scoreSum()).isEqualTo(1);
        assertThat(evaluation.asked().weights()).isEqualTo(6);
        assertThat(evaluation.asked().weightedScoreSum()).isEqualTo(4);
    }
}
