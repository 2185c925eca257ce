package io.headwater.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.OptimiserConfig.Schedule;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LearningRateTest {

    @Test
    void shouldStayWhereItIsConstant() {
        LearningRate rate = new LearningRate(0.1, Schedule.CONSTANT, 5, 10);

        assertThat(rate.at(0)).isEqualTo(0.1);
        assertThat(rate.at(Integer.MAX_VALUE)).isEqualTo(0.1);
    }

    @Test
    void shouldGrowInEqualPartsAndStay() {
        LearningRate rate = new LearningRate(0.8, Schedule.WARM_UP, 4, 1);

        assertThat(new double[] {rate.at(0), rate.at(1), rate.at(2), rate.at(3), rate.at(4), rate.at(99)})
                .containsExactly(new double[] {0.2, 0.4, 0.6, 0.8, 0.8, 0.8}, within(1e-15));
    }

    @Test
    void shouldFallAlongACosine() {
        LearningRate rate = new LearningRate(2, Schedule.COSINE, 2, 4);
        double quarter = 1 + Math.sqrt(0.5);

        assertThat(new double[] {rate.at(0), rate.at(1), rate.at(2), rate.at(3), rate.at(4), rate.at(5)})
                .containsExactly(new double[] {1, 2, 2, quarter, 1, 2 - quarter}, within(1e-15));
        assertThat(rate.at(6)).isZero();
        assertThat(rate.at(600)).isZero();
        assertThat(new LearningRate(2, Schedule.COSINE, 0, 4).at(0)).isEqualTo(2);
    }

    @Test
    void shouldFallWithTheInverseSquareRoot() {
        LearningRate rate = new LearningRate(1, Schedule.INVERSE_SQUARE_ROOT, 4, 1);

        assertThat(new double[] {rate.at(0), rate.at(3), rate.at(15), rate.at(63)})
                .containsExactly(new double[] {0.25, 1, 0.5, 0.25}, within(1e-15));
    }

    @Property(tries = 300)
    void shouldNeverLeaveItsRange(
            @ForAll Schedule schedule,
            @ForAll @IntRange(min = 0, max = 50) int warmUp,
            @ForAll @IntRange(min = 1, max = 50) int steps,
            @ForAll @IntRange(min = 0) int at) {
        assertThat(new LearningRate(0.3, schedule, warmUp, steps).at(at)).isBetween(0.0, 0.3);
    }

    @Test
    void shouldRefuseARateThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LearningRate(0, Schedule.CONSTANT, 0, 1))
                .withMessageContaining("must be above 0");
    }
}
