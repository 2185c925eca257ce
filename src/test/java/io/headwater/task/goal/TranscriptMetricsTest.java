package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.task.goal.TranscriptMetrics.Edits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptMetricsTest {

    /** From jiwer's own tests, some of them from Morris et al. 2004, "From WER and RIL to MER and WIL". */
    @ParameterizedTest
    @CsvSource({
        "This is a test, This is a test, 0, 0",
        "This is a test, '', 1, 1",
        "This is a test, This test, 0.5, 0.35714285714285715",
        "X, X X Y Y, 3, 6",
        "X Y X, X Z, 0.6666666666666666, 0.6",
        "X, Y, 1, 1",
        "X, Y Z, 2, 3",
    })
    void shouldAgreeWithTheExamplesOfJiwer(String expected, String predicted, double wer, double cer) {
        TranscriptMetrics metrics = TranscriptMetrics.of(List.of(Edits.of(expected, predicted)));

        assertThat(metrics.wer()).isCloseTo(wer, within(1e-12));
        assertThat(metrics.cer()).isCloseTo(cer, within(1e-12));
    }

    @Test
    void shouldWeighTextsByTheirLength() {
        // jiwer: 0.5 and 0.6 for ["i", "am i good"] against ["i am", "i good"]
        TranscriptMetrics metrics =
                TranscriptMetrics.of(List.of(Edits.of("i", "i am"), Edits.of("am i good", "i good")));

        assertThat(metrics.samples()).isEqualTo(2);
        assertThat(metrics.wer()).isCloseTo(0.5, within(1e-12));
        assertThat(metrics.cer()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void shouldWorkOutALongExample() {
        // jiwer: 7 edits for 6 words
        TranscriptMetrics metrics = TranscriptMetrics.of(List.of(Edits.of(
                "i am a short ground truth", "i am a considerably longer and very much incorrect hypothesis")));

        assertThat(metrics.wer()).isCloseTo(7.0 / 6, within(1e-12));
    }

    @Test
    void shouldCountEditsWhereNothingWasSaid() {
        assertThat(TranscriptMetrics.of(List.of(Edits.of("", "")))).isEqualTo(new TranscriptMetrics(1, 0, 0));
        assertThat(TranscriptMetrics.of(List.of(Edits.of(" ", "so what")))).isEqualTo(new TranscriptMetrics(1, 2, 7));
        // Beside other texts, silence adds edits and no length
        TranscriptMetrics both = TranscriptMetrics.of(List.of(Edits.of("", "so"), Edits.of("a b", "a b")));
        assertThat(both.wer()).isCloseTo(0.5, within(1e-12));
        assertThat(both.cer()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void shouldCutAtBlanksAsJiwerDoes() {
        assertThat(Edits.of("  a \u00a0 b\t\n", "a b")).isEqualTo(new Edits(0, 2, 2, 5));
        // A lone tab is no blank
        assertThat(Edits.of("a\tb", "a b")).isEqualTo(new Edits(2, 1, 1, 3));
    }

    @Test
    void shouldCountCodePoints() {
        assertThat(Edits.of("\ud83d\ude00", "x")).isEqualTo(new Edits(1, 1, 1, 1));
    }

    @Property(tries = 200)
    void shouldMeasureEditsAsADistance(
            @ForAll @StringLength(max = 12) String one,
            @ForAll @StringLength(max = 12) String other,
            @ForAll @StringLength(max = 12) String third) {
        Edits edits = Edits.of(one, other);

        assertThat(Edits.of(one, one)).isEqualTo(new Edits(0, edits.words(), 0, edits.characters()));
        assertThat(Edits.of(other, one).wordEdits()).isEqualTo(edits.wordEdits());
        assertThat(Edits.of(other, one).characterEdits()).isEqualTo(edits.characterEdits());
        assertThat(edits.characterEdits())
                .isLessThanOrEqualTo(Edits.of(one, third).characterEdits()
                        + Edits.of(third, other).characterEdits());
        assertThat(edits.characterEdits())
                .isLessThanOrEqualTo(
                        Math.max(edits.characters(), Edits.of(other, one).characters()));
    }

    @Property(tries = 100)
    void shouldNotMindTheOrderOfTexts(@ForAll long seed) {
        Random random = new Random(seed);
        List<Edits> texts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            texts.add(new Edits(random.nextInt(9), random.nextInt(9), random.nextInt(9), random.nextInt(9)));
        }
        TranscriptMetrics metrics = TranscriptMetrics.of(texts);
        Collections.shuffle(texts, random);

        assertThat(TranscriptMetrics.of(texts)).isEqualTo(metrics);
    }

    @Test
    void shouldRejectNothing() {
        assertThatThrownBy(() -> TranscriptMetrics.of(List.of())).hasMessageContaining("at least one");
    }
}
