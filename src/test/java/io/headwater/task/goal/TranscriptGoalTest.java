package io.headwater.task.goal;

import static io.headwater.task.Rejections.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.Transcript;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.Answer;
import io.headwater.task.PayloadView;
import io.headwater.task.ScoredPrediction;
import io.headwater.task.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptGoalTest {
    private static final PayloadView SOUND = PayloadView.of(new Payload.Waveform(new byte[2], 8000));
    private static final TranscriptGoal ANY = new TranscriptGoal(List.of(), 1);
    private static final TranscriptGoal SOME = new TranscriptGoal(List.of("a", "b", " "), 1);

    @Test
    void shouldTeachCharactersWithOneBlankBetweenWords() {
        assertThat(target(ANY, "\t ein \n Ü🙂 ").symbols()).containsExactly("e", "i", "n", " ", "Ü", "🙂");
        assertThat(target(SOME, "ab  ba").code(SOME.names()::indexOf)).containsExactly(1, 2, 3, 2, 1);
    }

    @Test
    void shouldBeginWithTheBlank() {
        assertThat(ANY.names()).containsExactly(TranscriptGoal.BLANK);
        assertThat(SOME.names()).containsExactly(TranscriptGoal.BLANK, "a", "b", " ");
        assertThat(SOME.names().indexOf(TranscriptGoal.BLANK)).isEqualTo(CtcObjective.BLANK);
        assertThat(SOME.output().everyPosition()).isTrue();
    }

    @Test
    void shouldRejectWhatIsNoTranscript() {
        assertRejected(ANY.target(SOUND, new ClassLabel("a")), Reason.WRONG_KIND, "transcript, but is class");
        assertRejected(ANY.target(SOUND, new Transcript(" \t")), Reason.BAD_LABEL, "empty");
        assertRejected(ANY.target(SOUND, new Transcript("a\u0007")), Reason.BAD_LABEL, "U+0007");
        assertRejected(ANY.target(SOUND, new Transcript("a\ud800")), Reason.BAD_LABEL, "U+D800");
        assertRejected(SOME.target(SOUND, new Transcript("abc")), Reason.BAD_LABEL, "holds 'c'");
        assertRejected(
                ANY.target(SOUND, new Transcript("a".repeat(16 << 20))),
                Reason.BAD_LABEL,
                "at most 65536 characters, but has 16777216");
    }

    @Test
    void shouldScoreTranscriptsWithCharactersThatCannotBePredicted() {
        Outcome<Target> truth = SOME.truth(SOUND, new Transcript("abc"));

        assertThat(predicted("ab").score(((Outcome.Ok<Target>) truth).value())).isCloseTo(2.0 / 3, within(1e-9));
        assertRejected(SOME.truth(SOUND, new Transcript("a\u0007")), Reason.BAD_LABEL, "U+0007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "\t", "", "<blank>"})
    void shouldRejectAnAlphabetOfMoreThanCharacters(String one) {
        assertThatThrownBy(() -> new TranscriptGoal(List.of("a", one), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + one + "'");
    }

    @Test
    void shouldRejectATranscriptThatIsTooLongForItsFrames() {
        Target target = target(ANY, "aab");

        assertThat(ANY.validate(target, 4)).isEqualTo(Outcome.ok(target));
        assertRejected(
                ANY.validate(target, 3), Reason.BAD_LABEL, "3 characters needs 4 frames of sound, but there are 3");
    }

    @Test
    void shouldScoreByCharactersAndMeasureByWords() {
        Target expected = target(ANY, "ab ab");

        assertThat(predicted("ab ab").score(expected)).isEqualTo(1);
        assertThat(predicted("ab aa").score(expected)).isCloseTo(0.8, within(1e-9));
        assertThat(predicted("").score(expected)).isZero();
        assertThat(predicted("bbbb").score(target(ANY, "a"))).isZero();
        assertThat(ANY.metrics(List.of(new ScoredPrediction(new Transcript("ab ab"), new Transcript("ab aa")))))
                .containsEntry("wer", 0.5)
                .containsEntry("cer", 0.2);
    }

    /** Blank is likeliest in both frames; three ways say a: 0.24 + 0.24 + 0.16 against 0.36. */
    @Test
    void shouldAddUpWaysWhereABeamIsConfigured() {
        List<String> names = List.of(TranscriptGoal.BLANK, "a");
        float[] logits = {(float) Math.log(0.6), (float) Math.log(0.4), (float) Math.log(0.6), (float) Math.log(0.4)};

        assertThat(answer(ANY, names, logits)).isEqualTo(new Transcript(""));
        assertThat(answer(new TranscriptGoal(List.of(), 4), names, logits)).isEqualTo(new Transcript("a"));
    }

    @Test
    void shouldNameTheMostFrequentTranscript() {
        List<Label> labels = List.of(new Transcript("no"), new Transcript("yes"), new Transcript("no"));

        assertThat(ANY.majority(labels)).contains(new Transcript("no"));
        assertThat(ANY.majority(List.of())).isEmpty();
    }

    /** Whatever is sent is taught or refused; what is taught is read back from frames that say it. */
    @Property(tries = 200)
    void shouldReadBackWhatItTaughtOrRefuseIt(@ForAll String text, @ForAll @IntRange(min = 1, max = 4) int beamWidth) {
        TranscriptGoal goal = new TranscriptGoal(List.of(), beamWidth);
        if (!(goal.target(SOUND, new Transcript(text)) instanceof Outcome.Ok<Target> ok)) {
            return;
        }
        Target target = ok.value();
        Set<String> learned = new LinkedHashSet<>(goal.names());
        learned.addAll(target.symbols());
        List<String> names = List.copyOf(learned);

        Answer predicted = goal.decode(names, certain(target.code(names::indexOf), names.size()));

        assertThat(predicted.label(SOUND).text()).isEqualTo(String.join("", target.symbols()));
        assertThat(predicted.score(target)).isEqualTo(1);
    }

    /** Any logits give a transcript with a score from 0 to 1; those that can be taught can be learned from. */
    @Property(tries = 200)
    void shouldScoreAnyLogits(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 3) Integer> frames,
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 3) Integer> symbols) {
        List<String> names = SOME.names();
        Target target = Target.of(symbols.stream().map(names::get).toList());
        float[] logits = new float[frames.size() * names.size()];
        for (int t = 0; t < frames.size(); t++) {
            logits[t * names.size() + frames.get(t)] = 3;
        }

        assertThat(SOME.decode(names, logits).score(target)).isBetween(0.0, 1.0);
        if (SOME.validate(target, frames.size()) instanceof Outcome.Ok) {
            double[] wide = new double[logits.length];
            double loss = SOME.output()
                    .objective()
                    .gradient(
                            wide,
                            names.size(),
                            SOME.encode(target.code(names::indexOf), names.size()),
                            new double[wide.length]);
            assertThat(loss).isFinite().isNotNegative();
        }
    }

    private static Label answer(TranscriptGoal goal, List<String> names, float[] logits) {
        return goal.decode(names, logits).label(SOUND);
    }

    /** The answer from frames that leave no doubt of {@code text}, which consists of a, b and spaces. */
    private static Answer predicted(String text) {
        List<String> names = List.of(TranscriptGoal.BLANK, "a", "b", " ");
        float[] code = new float[text.length()];
        for (int i = 0; i < code.length; i++) {
            code[i] = names.indexOf(text.substring(i, i + 1));
        }
        return ANY.decode(names, text.isEmpty() ? new float[] {40, 0, 0, 0} : certain(code, names.size()));
    }

    /** Frames that say nothing else, with a blank between. */
    private static float[] certain(float[] code, int outputs) {
        List<Integer> frames = new ArrayList<>();
        for (float symbol : code) {
            frames.add((int) symbol);
            frames.add(CtcObjective.BLANK);
        }
        float[] logits = new float[frames.size() * outputs];
        for (int t = 0; t < frames.size(); t++) {
            logits[t * outputs + frames.get(t)] = 40;
        }
        return logits;
    }

    private static Target target(TranscriptGoal goal, String text) {
        return ((Outcome.Ok<Target>) goal.target(SOUND, new Transcript(text))).value();
    }
}
