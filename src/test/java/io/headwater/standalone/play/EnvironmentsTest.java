package io.headwater.standalone.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.standalone.play.Environment.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentsTest {
    private static final double SMALL = 1e-4;

    /** The equations of motion conserve energy; the remaining difference is the error of Euler integration. */
    @Property(tries = 50)
    void shouldKeepTheEnergyOfACartThatNobodyPushes(
            @ForAll @DoubleRange(min = -3, max = 3) double velocity,
            @ForAll @DoubleRange(min = -3, max = 3) double angle,
            @ForAll @DoubleRange(min = -3, max = 3) double spin,
            @ForAll @DoubleRange(min = 1, max = 30) double gravity,
            @ForAll @DoubleRange(min = 0.2, max = 2) double length) {
        CartPole cart = new CartPole(new CartPole.Physics(gravity, 1, 0.1, length, 10, SMALL, 500));
        cart.place(0, velocity, angle, spin);
        double before = cart.energy();

        for (int i = 0; i < 2000; i++) {
            cart.push(0);
        }

        assertThat(cart.energy()).isCloseTo(before, within(0.02 * (1 + Math.abs(before))));
    }

    @Test
    void shouldDoTheWorkOfAPush() {
        CartPole cart = new CartPole(new CartPole.Physics(9.8, 1, 0.1, 0.5, 10, SMALL, 500));
        double from = cart.place(0, 0, 0.3, 0)[0];
        double before = cart.energy();
        double position = from;
        for (int i = 0; i < 1000; i++) {
            cart.push(10);
        }
        position = cart.step(1).observation()[0];

        assertThat(cart.energy() - before).isCloseTo(10 * (position - from), within(0.02));
    }

    /** Expected values computed by hand for a state of zeros and a push of 10 N. */
    @Test
    void shouldStepAsTheEquationsSay() {
        CartPole cart = new CartPole(CartPole.Physics.CLASSIC);
        cart.place(0, 0, 0, 0);

        Step step = cart.step(1);
        double pushed = 10 / 1.1;
        double angular = -pushed / (0.5 * (4.0 / 3 - 0.1 / 1.1));
        double linear = pushed - 0.05 * angular / 1.1;

        assertThat(step.observation()[0]).isZero();
        assertThat(step.observation()[1]).isCloseTo((float) (0.02 * linear), within(1e-6f));
        assertThat(step.observation()[2]).isZero();
        assertThat(step.observation()[3]).isCloseTo((float) (0.02 * angular), within(1e-6f));
        assertThat(step.reward()).isEqualTo(1);
        assertThat(step.isLast()).isFalse();
    }

    /** In the classic-control version the pole falls after 8 to 10 steps if the cart is always pushed to the right. */
    @Test
    void shouldFallSoonWhenPushedOneWay() {
        for (long seed = 1; seed <= 50; seed++) {
            CartPole cart = new CartPole(CartPole.Physics.CLASSIC);
            float[] first = cart.reset(seed);
            assertThat(first).hasSize(4);
            for (float value : first) {
                assertThat(value).isBetween(-0.05f, 0.05f);
            }
            int steps = 1;
            while (!cart.step(1).terminal()) {
                steps++;
            }
            assertThat(steps).isBetween(7, 11);
        }
    }

    @Test
    void shouldBeTheSameFromTheSameSeedAndActionsAndMirrored() {
        CartPole one = new CartPole(CartPole.Physics.CLASSIC);
        CartPole other = new CartPole(CartPole.Physics.CLASSIC);
        CartPole mirrored = new CartPole(new CartPole.Physics(9.8, 1, 0.1, 0.5, -10, 0.02, 500));
        assertThat(one.reset(5)).isEqualTo(other.reset(5)).isNotEqualTo(one.reset(6));
        one.reset(5);
        mirrored.reset(5);
        for (int i = 0; i < 8; i++) {
            Step step = one.step(i % 2);
            assertThat(other.step(i % 2)).usingRecursiveComparison().isEqualTo(step);
            assertThat(mirrored.step(1 - i % 2)).usingRecursiveComparison().isEqualTo(step);
        }
    }

    @Test
    void shouldBreakAnEpisodeOffAfterItsLastStep() {
        CartPole cart = new CartPole(new CartPole.Physics(0, 1, 0.1, 0.5, 0, 0.02, 3));
        cart.place(0, 0, 0, 0);

        assertThat(List.of(cart.step(0), cart.step(0), cart.step(1)))
                .extracting(Step::truncated)
                .containsExactly(false, false, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cart-pole", "mountain-car"})
    void shouldStayWithinItsBounds(String name) {
        Environment environment = Environments.of(name, Map.of());
        for (long seed = 1; seed <= 20; seed++) {
            Randomness random = new Randomness(seed, 1);
            float[] seen = environment.reset(seed);
            int steps = 0;
            for (boolean going = true; going; steps++) {
                assertThat(seen).hasSize(environment.width());
                Step step = environment.step(random.below(environment.actions().size()));
                seen = step.observation();
                for (float value : seen) {
                    assertThat(value).isFinite();
                }
                going = !step.isLast();
                assertThat(step.terminal() && step.truncated()).isFalse();
            }
            assertThat(steps).isLessThanOrEqualTo(500);
        }
    }

    /**
     * The car is too weak for the hill, but reaches the top by accelerating in its direction of motion (Moore 1990).
     */
    @Test
    void shouldGetUpTheHillOnlyWithSpeed() {
        assertThat(drive(seen -> 2)).isEqualTo(200);
        assertThat(drive(seen -> seen[1] < 0 ? 0 : 2)).isBetween(80, 160);
    }

    @Test
    void shouldStopTheCarAtTheWallBehindIt() {
        MountainCar car = new MountainCar(MountainCar.Physics.CLASSIC);
        car.place(-1.19, -0.07);

        Step step = car.step(0);

        assertThat(step.observation()).containsExactly(-1.2f, 0);
        assertThat(step.reward()).isEqualTo(-1);
        car.place(0.49, 0.05);
        assertThat(car.step(2).terminal()).isTrue();
    }

    @Test
    void shouldChangeTheWorldByName() {
        Environment heavy = Environments.of("cart-pole", Map.of("gravity", 20.0, "force", -5.0, "max-steps", 7.0));
        heavy.reset(1);
        List<Step> steps = new ArrayList<>();
        do {
            steps.add(heavy.step(steps.size() % 2));
        } while (!steps.get(steps.size() - 1).isLast());

        assertThat(steps.size()).isLessThanOrEqualTo(7);
        assertThatThrownBy(() -> Environments.of("chess", Map.of())).hasMessageContaining("'chess'");
        assertThatThrownBy(() -> Environments.of("mountain-car", Map.of("pole-length", 1.0)))
                .hasMessageContaining("'pole-length'")
                .hasMessageContaining("gravity");
        assertThatThrownBy(() -> Environments.of("cart-pole", Map.of("pole-mass", 0.0)))
                .hasMessageContaining("pole-mass");
        assertThatThrownBy(() -> Environments.of("cart-pole", Map.of("gravity", Double.NaN)))
                .hasMessageContaining("gravity");
        assertThatThrownBy(() -> heavy.step(2)).hasMessageContaining("0 to 1");
    }

    private static int drive(ToIntFunction<float[]> policy) {
        MountainCar car = new MountainCar(MountainCar.Physics.CLASSIC);
        float[] seen = car.place(-0.5, 0);
        int steps = 0;
        Step step;
        do {
            step = car.step(policy.applyAsInt(seen));
            seen = step.observation();
            steps++;
            assertThat(Arrays.asList(step.observation()[0])).allMatch(position -> position >= -1.2f);
        } while (!step.isLast());
        return steps;
    }
}
