package io.headwater.adapt.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.testing.Sections;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemperatureTest {

    @Property(tries = 50)
    void shouldComputeTheLogLossesOfClasses(
            @ForAll @IntRange(min = 1, max = 20) int classes,
            @ForAll long seed,
            @ForAll @IntRange(max = 43) int index) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = logits(classes, random);
        double temperature = TemperatureGrid.temperature(index);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(((double) logit - logits[0]) / temperature);
        }

        assertThat(TemperatureGrid.softmaxLosses(logits, 0)[index]).isCloseTo(Math.log(sum), within(1e-9));
    }

    @Property(tries = 50)
    void shouldComputeTheLogLossesOfIndependentOutputs(
            @ForAll @IntRange(min = 1, max = 1200) int outputs,
            @ForAll long seed,
            @ForAll @IntRange(max = 43) int index) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] logits = logits(outputs, random);
        float[] targets = new float[outputs];
        double expected = 0;
        for (int i = 0; i < outputs; i++) {
            targets[i] = random.nextInt(2);
            double right = (targets[i] > 0 ? logits[i] : -logits[i]) / TemperatureGrid.temperature(index);
            expected += right > 0 ? Math.log1p(Math.exp(-right)) : Math.log1p(Math.exp(right)) - right;
        }

        assertThat(TemperatureGrid.sigmoidLosses(logits, targets)[index])
                .isCloseTo(expected, within(1e-9 * Math.max(1, expected)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 3, 12})
    void shouldFindTheTemperatureThatMakesProbabilitiesTrue(double truth) {
        SplittableRandom random = new SplittableRandom(5);
        Temperature temperature = new Temperature(1);
        for (int i = 0; i < 2000; i++) {
            addClass(temperature, truth, random);
        }

        assertThat(temperature.temperature() / truth).isBetween(0.9, 1.1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 5})
    void shouldFindTheTemperatureOfIndependentOutputs(double truth) {
        SplittableRandom random = new SplittableRandom(6);
        Temperature temperature = new Temperature(1);
        for (int i = 0; i < 1000; i++) {
            addIndependent(temperature, truth, random);
        }

        assertThat(temperature.temperature() / truth).isBetween(0.9, 1.1);
    }

    @Test
    void shouldStayCloseToItsStartWithFewSamples() {
        SplittableRandom random = new SplittableRandom(7);
        Temperature temperature = new Temperature(2);
        assertThat(temperature.temperature()).isCloseTo(2, within(1e-9));

        for (int i = 0; i < 3; i++) {
            temperature.addClass(new float[] {3, 0, 0}, 0);
        }

        assertThat(temperature.temperature()).isBetween(0.8, 2.0);
    }

    @ParameterizedTest
    @CsvSource({"100,0.4", "400,0.2", "6000,0.1"})
    void shouldFollowTheNewestSamples(int before, double tolerance) {
        SplittableRandom random = new SplittableRandom(8);
        Temperature temperature = new Temperature(1);
        for (int i = 0; i < before; i++) {
            addClass(temperature, 8, random);
        }
        for (int i = 0; i < 4 * Math.min(before, 1000); i++) {
            addClass(temperature, 2, random);
        }

        assertThat(Math.abs(Math.log(temperature.temperature() / 2))).isLessThan(tolerance);
    }

    @Test
    void shouldStayInsideItsGrid() {
        Temperature right = new Temperature(1);
        Temperature wrong = new Temperature(1);
        for (int i = 0; i < 1000; i++) {
            right.addClass(new float[] {9, 0}, 0);
            wrong.addClass(new float[] {9, 0}, 1);
        }

        assertThat(right.temperature()).isBetween(0.05, 1.0);
        assertThat(wrong.temperature()).isEqualTo(20);
    }

    @Test
    void shouldContinueFromItsSectionToTheBit() {
        SplittableRandom random = new SplittableRandom(9);
        Temperature temperature = new Temperature(1.5);
        for (int i = 0; i < 50; i++) {
            addClass(temperature, 3, random);
        }

        Temperature restored = Temperature.read(Sections.written(temperature::write));

        assertThat(restored.temperature()).isEqualTo(temperature.temperature());
        assertThat(restored.samples()).isEqualTo(50);
        for (int i = 0; i < 50; i++) {
            float[] logits = logits(4, random);
            temperature.addClass(logits, 1);
            restored.addClass(logits, 1);
        }
        assertThat(restored.temperature()).isEqualTo(temperature.temperature());
    }

    @Test
    void shouldRejectWhatIsNotFiniteOrDoesNotMatch() {
        assertThatThrownBy(() -> new Temperature(1).addClass(new float[] {1, Float.NaN}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite, but is NaN");
        assertThatThrownBy(() -> new Temperature(1).addIndependent(new float[2], new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 logits");
        assertThatThrownBy(() -> new Temperature(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0.052 to 20, but is 0.0");
    }

    /** Draws the class from the probabilities of logits at the temperature 1, and scales the logits. */
    private static void addClass(Temperature temperature, double scale, SplittableRandom random) {
        float[] logits = logits(4, random);
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double left = random.nextDouble() * sum;
        int target = 0;
        while (target < logits.length - 1 && left > Math.exp(logits[target])) {
            left -= Math.exp(logits[target]);
            target++;
        }
        temperature.addClass(scaled(logits, scale), target);
    }

    private static void addIndependent(Temperature temperature, double scale, SplittableRandom random) {
        float[] logits = logits(5, random);
        float[] targets = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            targets[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i])) ? 1 : 0;
        }
        temperature.addIndependent(scaled(logits, scale), targets);
    }

    private static float[] scaled(float[] logits, double scale) {
        float[] scaled = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            scaled[i] = (float) (scale * logits[i]);
        }
        return scaled;
    }

    private static float[] logits(int count, SplittableRandom random) {
        float[] logits = new float[count];
        for (int i = 0; i < count; i++) {
            logits[i] = (float) (8 * random.nextDouble() - 4);
        }
        return logits;
    }
}
