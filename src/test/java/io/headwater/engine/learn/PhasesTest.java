package io.headwater.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhasesTest {
    @ParameterizedTest
    @CsvSource({
        "LINEAR_PROBE, '1, 1, 1, 1, 1, 1, 1, 1'",
        "FINE_TUNE, '3, 3, 3, 3, 3, 3, 3, 3'",
        "LP_FT, '1, 1, 3, 3, 3, 3, 3, 3'",
        "GRADUAL, '1, 1, 2, 2, 3, 3, 3, 3'"
    })
    void shouldUnfreezeByTheStep(Strategy strategy, String expected) {
        Phases phases = new Phases(config(strategy, PhaseBy.STEPS), 3, Map.of());

        assertThat(IntStream.range(0, 8).mapToObj(step -> "" + phases.unfrozen(step)))
                .containsExactly(expected.split(", "));
    }

    @Test
    void shouldUnfreezeWhenTheLossNoLongerFalls() {
        Phases phases = new Phases(config(Strategy.GRADUAL, PhaseBy.PLATEAU), 3, Map.of());

        phases.learned(1);
        phases.learned(0.9);
        phases.learned(0.8);
        assertThat(phases.unfrozen(3)).isEqualTo(1);
        phases.learned(2);
        assertThat(phases.unfrozen(4)).isEqualTo(1);
        phases.learned(2);
        assertThat(phases.unfrozen(5)).isEqualTo(2);
        phases.learned(2);
        phases.learned(2);
        phases.learned(2);
        phases.learned(2);
        assertThat(phases.unfrozen(9)).isEqualTo(3);
    }

    @Test
    void shouldGoOnWhereItsStateStands() {
        StrategyConfig config = config(Strategy.LP_FT, PhaseBy.PLATEAU);
        Phases whole = new Phases(config, 3, Map.of());
        Phases part = new Phases(config, 3, Map.of());
        for (int step = 0; step < 8; step++) {
            double loss = step < 3 ? 1.0 / (1 + step) : 3;
            Map<String, Tensor.F32> state = new TreeMap<>();
            part.save(state);
            assertThat(state.values()).allSatisfy(tensor -> {
                for (float value : tensor.values()) {
                    assertThat(value).isFinite();
                }
            });
            part = new Phases(config, 3, state);

            assertThat(part.unfrozen(step)).isEqualTo(whole.unfrozen(step));
            whole.learned(loss);
            part.learned(loss);
        }
        assertThat(part.unfrozen(8)).isEqualTo(3);
    }

    private static StrategyConfig config(Strategy strategy, PhaseBy by) {
        return new StrategyConfig(StrategyConfig.AUTO, strategy, 0, by, 2, TopConfig.DEFAULT);
    }
}
