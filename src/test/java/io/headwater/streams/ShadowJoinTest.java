package io.headwater.streams;

import static io.headwater.streams.DrivenJoin.START;
import static io.headwater.streams.DrivenJoin.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.ShadowSums;
import io.headwater.domain.Provenance;
import io.headwater.domain.Sample;
import io.headwater.domain.VersionRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What version 4, a challenger, would have answered is scored by the labels of the requests that version 3 answered. */
class ShadowJoinTest {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration LATER = Duration.ofMinutes(10);
    private static final VersionRef CHAMPION = version("reviews", 3);
    private static final VersionRef CHALLENGER = version("reviews", 4);

    @TempDir
    private Path folder;

    private DrivenJoin join;
    private final Map<List<Object>, LateEvaluation> newest = new HashMap<>();

    @BeforeEach
    void open() {
        join = new DrivenJoin(folder);
    }

    @AfterEach
    void close() {
        join.close();
    }

    /** The newest evaluation of the first hour. */
    private Optional<LateEvaluation> evaluation(VersionRef version, boolean isShadow) {
        join.evaluations().stream()
                .filter(one -> one.halfLife().isZero())
                .forEach(one -> newest.put(List.of(one.version(), one.shadow() != null, one.from()), one));
        return Optional.ofNullable(newest.get(List.of(version, isShadow, START)));
    }

    private LateEvaluation answers() {
        return evaluation(CHAMPION, false).orElseThrow();
    }

    private LateEvaluation shadows() {
        return evaluation(CHALLENGER, true).orElseThrow();
    }

    private static ShadowSums sums(LateEvaluation evaluation) {
        return Objects.requireNonNull(evaluation.shadow());
    }

    private void send(char one) {
        switch (one) {
            case 'r' -> join.request("1", ZERO);
            case 'p' -> join.prediction("1", "bad", ZERO);
            case 's' -> join.shadow("1", CHALLENGER, "good", ZERO);
            default -> join.label("1", new ClassLabel("good"), START.plusSeconds(100), LATER);
        }
    }

    /** On its topic, the answer of a challenger comes behind the answer; everything else comes in any order. */
    @ParameterizedTest
    @ValueSource(
            strings = {"rpsl", "rpls", "rlps", "lrps", "prsl", "prls", "psrl", "pslr", "plrs", "plsr", "lprs", "lpsr"})
    void shouldScoreBothAnswersInAnyOrder(String order) {
        order.chars().forEach(one -> send((char) one));
        join.reach(Duration.ofHours(1));

        assertThat(join.samples())
                .singleElement()
                .extracting(sample -> provenance(sample).version())
                .isEqualTo(CHAMPION);
        assertThat(answers().labelled()).isEqualTo(1);
        assertThat(answers().scoreSum()).isZero();
        assertThat(shadows().labelled()).isEqualTo(1);
        assertThat(shadows().scoreSum()).isEqualTo(1);
        assertThat(sums(shadows())).isEqualTo(new ShadowSums(0, 1, 0));
        assertThat(shadows().delays().stream().mapToDouble(one -> one).sum()).isEqualTo(1);
        assertThat(join.count(JoinEvent.JOINED)).isEqualTo(1);
        assertThat(join.count(JoinEvent.SHADOWED)).isEqualTo(1);
        assertThat(join.letters()).isEmpty();
    }

    /** It belongs to no request that is known; above all it is never taken for the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"srpl", "rspl", "slrp", "lsrp", "rslp"})
    void shouldPassOverAChallengerWithoutAnAnswer(String order) {
        order.chars().forEach(one -> send((char) one));
        join.reach(Duration.ofHours(1));

        assertThat(join.samples())
                .singleElement()
                .extracting(sample -> provenance(sample).version())
                .isEqualTo(CHAMPION);
        assertThat(answers().labelled()).isEqualTo(1);
        assertThat(evaluation(CHALLENGER, true)).isEmpty();
        assertThat(join.count(JoinEvent.SHADOWED)).isZero();
    }

    @Test
    void shouldAnswerNothingByAChallengerAlone() {
        join.request("1", ZERO)
                .shadow("1", CHALLENGER, "good", ZERO)
                .shadow("unknown", CHALLENGER, "good", ZERO)
                .reach(Duration.ofDays(7));

        assertThat(join.count(JoinEvent.UNANSWERED)).isEqualTo(1);
        assertThat(join.count(JoinEvent.EXPIRED)).isZero();
        assertThat(join.size(JoinTopology.OPEN_REQUESTS)).isZero();
        // That of the request that told the time.
        assertThat(join.size(JoinTopology.ANSWERS)).isEqualTo(1);
    }

    @Test
    void shouldCountWhatComesAgainOnce() {
        "rpsslsl".chars().forEach(one -> send((char) one));
        join.shadow("1", version("reviews", 5), "fair", ZERO).reach(Duration.ofHours(1));

        assertThat(join.samples()).hasSize(1);
        assertThat(join.count(JoinEvent.SHADOWED)).isEqualTo(1);
        assertThat(join.count(JoinEvent.REPEATED)).isEqualTo(1);
        assertThat(answers().labelled()).isEqualTo(1);
        assertThat(shadows().labelled()).isEqualTo(1);
        assertThat(evaluation(version("reviews", 5), true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCorrectBoth(boolean comesAfterTheLabel) {
        join.request("1", ZERO).prediction("1", "bad", ZERO);
        if (!comesAfterTheLabel) {
            join.shadow("1", CHALLENGER, "good", ZERO);
        }
        join.label("1", "good", LATER);
        if (comesAfterTheLabel) {
            join.shadow("1", CHALLENGER, "good", ZERO);
        }
        join.label("1", "bad", LATER.plusSeconds(1)).reach(Duration.ofHours(1));

        assertThat(join.samples()).hasSize(2);
        assertThat(join.count(JoinEvent.CORRECTED)).isEqualTo(1);
        assertThat(answers().labelled()).isEqualTo(1);
        assertThat(answers().scoreSum()).isEqualTo(1);
        assertThat(shadows().labelled()).isEqualTo(1);
        assertThat(shadows().scoreSum()).isZero();
        assertThat(shadows().amended()).isEqualTo(1);
        assertThat(sums(shadows())).isEqualTo(new ShadowSums(1, 0, 1));
    }

    @Test
    void shouldLetARequestExpireOnceWithBothAnswers() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .shadow("1", CHALLENGER, "good", ZERO)
                .reach(Duration.ofDays(7));
        join.shadow("1", CHALLENGER, "good", Duration.ofDays(7)).reach(Duration.ofDays(8));

        assertThat(join.count(JoinEvent.EXPIRED)).isEqualTo(1);
        assertThat(answers().expired()).isEqualTo(1);
        assertThat(shadows().expired()).isEqualTo(1);
        assertThat(shadows().labelled()).isZero();
        assertThat(join.samples()).isEmpty();

        join.reach(Duration.ofDays(30));
        assertThat(join.size(JoinTopology.RUNNING_EVALUATIONS)).isZero();
        assertThat(join.size(JoinTopology.OPEN_REQUESTS)).isZero();
        // That of the request that told the time.
        assertThat(join.size(JoinTopology.ANSWERS)).isEqualTo(1);
    }

    /** A challenger that comes to serve in the same hour. */
    @Test
    void shouldEvaluateAVersionApartAsAChallengerAndWhenItServes() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .shadow("1", CHALLENGER, "good", ZERO)
                .request("2", ZERO)
                .prediction("2", CHALLENGER, "bad", ZERO)
                .label("1", "good", LATER)
                .label("2", "good", LATER)
                .reach(Duration.ofHours(1));

        assertThat(shadows().labelled()).isEqualTo(1);
        assertThat(shadows().scoreSum()).isEqualTo(1);
        LateEvaluation serving = evaluation(CHALLENGER, false).orElseThrow();
        assertThat(serving.labelled()).isEqualTo(1);
        assertThat(serving.scoreSum()).isZero();
    }

    @Test
    void shouldPassOverTheChallengersOfOthers() {
        join.request("1", ZERO)
                .prediction("1", "bad", ZERO)
                .shadow("1", version("other", 4), "good", ZERO)
                .prediction("2", version("other", 3), "bad", ZERO)
                .shadow("2", CHALLENGER, "good", ZERO)
                .label("1", "good", LATER)
                .reach(Duration.ofHours(1));

        assertThat(join.count(JoinEvent.SHADOWED)).isZero();
        assertThat(join.samples()).hasSize(1);
    }

    /** States of before there were challengers are read, and those without a challenger are written as before. */
    @Test
    void shouldReadStatesWithoutAChallenger() {
        byte[] before = StateFormat.write(out -> {
            StateFormat.write(out, new byte[] {1, 2});
            StateFormat.write(out, new byte[] {3});
            out.writeLong(4);
            out.writeInt(5);
            out.writeDouble(0.5);
        });
        KnownAnswer known = KnownAnswer.decode(before);
        assertThat(known.shadow()).isNull();
        assertThat(Objects.requireNonNull(known.label()).score()).isEqualTo(0.5);
        assertThat(known.encode()).isEqualTo(before);

        byte[] with = known.withShadow(new byte[] {6}).encode();
        assertThat(KnownAnswer.decode(with).shadow()).containsExactly(6);
        assertThat(KnownAnswer.decode(with).prediction()).containsExactly(1, 2);

        Tally served = Tally.ofPeriod(new Lane("reviews", "shop"), CHAMPION, false, 0, 1);
        Tally challenged = Tally.ofPeriod(new Lane("reviews", "shop"), CHAMPION, true, 0, 1);
        assertThat(challenged.encode()).hasSize(served.encode().length + 3 * Double.BYTES);
        assertThat(Tally.decode(served.encode()).evaluation("accuracy", 0).shadow())
                .isNull();
        assertThat(Tally.decode(challenged.encode()).evaluation("accuracy", 0).shadow())
                .isEqualTo(new ShadowSums(0, 0, 0));
    }

    /** The sums are those of the requests with both answers and a label, whatever comes when, and however often it is corrected. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldCompareBothOnTheSameRequests(int seed) {
        Random random = new Random(seed);
        int count = 200;
        List<String> names = List.of("good", "bad", "fair");
        List<Runnable> records = new ArrayList<>();
        double labelled = 0;
        double score = 0;
        double beside = 0;
        double better = 0;
        double worse = 0;
        for (int i = 0; i < count; i++) {
            String id = Integer.toString(i);
            String answer = names.get(random.nextInt(3));
            String challenge = names.get(random.nextInt(3));
            List<Runnable> own = new ArrayList<>();
            own.add(() -> join.prediction(id, answer, ZERO));
            boolean isChallenged = random.nextInt(4) > 0;
            if (isChallenged) {
                own.add(() -> join.shadow(id, CHALLENGER, challenge, ZERO));
            }
            own.add(random.nextInt(own.size() + 1), () -> join.request(id, ZERO));
            int labels = random.nextInt(3);
            int position = 0;
            String last = "";
            for (int j = 0; j < labels; j++) {
                String label = names.get((i + j) % 3);
                Duration at = LATER.plusSeconds(j);
                position += random.nextInt(own.size() + 1 - position);
                own.add(position, () -> join.label(id, label, at));
                position++;
                last = label;
            }
            if (isChallenged && labels > 0) {
                labelled++;
                double ofAnswer = answer.equals(last) ? 1 : 0;
                double ofChallenger = challenge.equals(last) ? 1 : 0;
                score += ofChallenger;
                beside += ofAnswer;
                better += ofChallenger > ofAnswer ? 1 : 0;
                worse += ofChallenger < ofAnswer ? 1 : 0;
            }
            records.addAll(own);
        }
        records.forEach(Runnable::run);
        join.reach(Duration.ofHours(1));

        assertThat(shadows().labelled()).isEqualTo(labelled);
        assertThat(shadows().scoreSum()).isEqualTo(score);
        assertThat(sums(shadows())).isEqualTo(new ShadowSums(beside, better, worse));
        assertThat(join.letters()).isEmpty();
    }

    private static Provenance provenance(Sample sample) {
        return Objects.requireNonNull(sample.provenance());
    }
}
