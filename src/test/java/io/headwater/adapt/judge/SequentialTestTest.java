package io.headwater.adapt.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.testing.Sections;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequentialTestTest {

    @Property(tries = 100)
    void shouldLoseNothingOnEqualScores(@ForAll @Size(max = 50) List<@DoubleRange(min = 0, max = 1) Double> scores) {
        SequentialTest plain = new SequentialTest(0);
        SequentialTest withTies = new SequentialTest(0);
        for (int i = 0; i + 1 < scores.size(); i += 2) {
            plain.add(scores.get(i), scores.get(i + 1));
            withTies.add(scores.get(i), scores.get(i));
            withTies.add(scores.get(i), scores.get(i + 1));
            withTies.add(1, 1);
        }

        assertThat(withTies.evidence()).isEqualTo(plain.evidence());
    }

    @Property(tries = 100)
    void shouldDependOnDifferencesOnly(@ForAll @Size(max = 50) List<@IntRange(max = 32) Integer> scores) {
        SequentialTest low = new SequentialTest(1 / 64.0);
        SequentialTest high = new SequentialTest(1 / 64.0);
        for (int i = 0; i + 1 < scores.size(); i += 2) {
            low.add(scores.get(i) / 64.0, scores.get(i + 1) / 64.0);
            high.add(scores.get(i) / 64.0 + 0.5, scores.get(i + 1) / 64.0 + 0.5);
        }

        assertThat(high.evidence()).isEqualTo(low.evidence());
        assertThat(high.meanDifference()).isCloseTo(low.meanDifference(), within(1e-12));
    }

    @Test
    void shouldAskForMoreThanTheSmallestEffect() {
        SequentialTest any = new SequentialTest(0);
        SequentialTest large = new SequentialTest(0.1);
        for (int i = 0; i < 400; i++) {
            double challenger = i % 10 == 0 ? 0.9 : 0.3;
            any.add(challenger, 0.3);
            large.add(challenger, 0.3);
        }

        assertThat(any.meanDifference()).isCloseTo(0.06, within(1e-9));
        assertThat(any.evidence()).isGreaterThan(5);
        assertThat(large.evidence()).isNegative();
    }

    @Test
    void shouldStayFiniteOnEndlessStreams() {
        SequentialTest better = new SequentialTest(0);
        SequentialTest worse = new SequentialTest(0);
        for (int i = 0; i < 200_000; i++) {
            better.add(1, 0);
            worse.add(0, 1);
        }

        assertThat(better.evidence()).isFinite().isGreaterThan(1e5);
        assertThat(worse.evidence()).isFinite().isBetween(-5.0, 0.0);
    }

    @Test
    void shouldContinueFromItsSectionToTheBit() {
        SplittableRandom random = new SplittableRandom(3);
        SequentialTest test = new SequentialTest(0.005);
        for (int i = 0; i < 300; i++) {
            test.add(random.nextDouble(), random.nextDouble());
        }

        SequentialTest restored = SequentialTest.read(0.005, Sections.written(test::write));

        for (int i = 0; i < 300; i++) {
            double challenger = random.nextDouble();
            double champion = challenger * random.nextDouble();
            test.add(challenger, champion);
            restored.add(challenger, champion);
            assertThat(restored.evidence()).isEqualTo(test.evidence());
        }
        assertThat(restored.samples()).isEqualTo(600);
        assertThat(restored.meanDifference()).isEqualTo(test.meanDifference());
    }

    @Test
    void shouldRejectWhatIsNotAScore() {
        SequentialTest test = new SequentialTest(0);

        assertThatThrownBy(() -> test.add(1.5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 1, but is 1.5");
        assertThatThrownBy(() -> test.add(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SequentialTest(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("below 1, but is 1.0");
    }
}
