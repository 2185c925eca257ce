package io.headwater.task.goal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.engine.Logits;
import io.headwater.task.goal.CtcDecoder.Decoding;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CtcDecoderTest {

    @Test
    void shouldMergeRepeatsAndDropBlanks() {
        // 1 1 - 1 2 2 -
        Decoding predicted = CtcDecoder.greedy(frames(1, 1, 0, 1, 2, 2, 0), 3);

        assertThat(predicted.symbols()).containsExactly(1, 1, 2);
        assertThat(CtcDecoder.beam(frames(1, 1, 0, 1, 2, 2, 0), 3, 4).symbols()).containsExactly(1, 1, 2);
    }

    @Test
    void shouldAddUpTheWaysThatSayTheSame() {
        // Silence is the likeliest way, 0.36, but three ways say a: 0.24 + 0.24 + 0.16
        float blank = (float) Math.log(0.6);
        float a = (float) Math.log(0.4);
        float[] logits = {blank, a, blank, a};

        assertThat(CtcDecoder.greedy(logits, 2).symbols()).isEmpty();
        Decoding predicted = CtcDecoder.beam(logits, 2, 10);
        assertThat(predicted.symbols()).containsExactly(1);
        assertThat(Math.exp(predicted.logProbability())).isCloseTo(0.64, within(1e-6));
    }

    @Property(tries = 100)
    void shouldFindTheLikeliestWhereNothingIsLeftOut(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int frames,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        float[] logits = ObjectiveCheck.floats(new Random(seed), frames * outputs);
        Map<List<Integer>, Double> all = Alignments.probabilities(Logits.wide(logits), outputs);

        Decoding predicted = CtcDecoder.beam(logits, outputs, Integer.MAX_VALUE);

        double best =
                all.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        assertThat(Math.exp(predicted.logProbability())).isCloseTo(best, within(1e-9));
        assertThat(all.get(predicted.symbols())).isCloseTo(best, within(1e-9));
        assertThat(all.getOrDefault(CtcDecoder.greedy(logits, outputs).symbols(), 0.0))
                .isLessThanOrEqualTo(best + 1e-9);
    }

    @Property(tries = 200)
    void shouldNeverPromiseMoreThanThereIs(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int frames,
            @ForAll @IntRange(min = 1, max = 3) int outputs,
            @ForAll @IntRange(min = 1, max = 4) int width) {
        float[] logits = ObjectiveCheck.floats(new Random(seed), frames * outputs);
        Map<List<Integer>, Double> all = Alignments.probabilities(Logits.wide(logits), outputs);

        for (Decoding predicted :
                List.of(CtcDecoder.greedy(logits, outputs), CtcDecoder.beam(logits, outputs, width))) {
            assertThat(all).containsKey(predicted.symbols());
            assertThat(Math.exp(predicted.logProbability()))
                    .isLessThanOrEqualTo(all.getOrDefault(predicted.symbols(), 0.0) + 1e-9);
        }
    }

    @Test
    void shouldRejectABeamOfNoWidth() {
        assertThatThrownBy(() -> CtcDecoder.beam(new float[2], 2, 0)).hasMessageContaining("is 0");
    }

    /** Frames of three outputs, each sure of one. */
    private static float[] frames(int... outputs) {
        float[] logits = new float[3 * outputs.length];
        for (int t = 0; t < outputs.length; t++) {
            logits[3 * t + outputs[t]] = 9;
        }
        return logits;
    }
}
