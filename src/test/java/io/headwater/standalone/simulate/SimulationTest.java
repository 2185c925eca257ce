package io.headwater.standalone.simulate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.TaskKind;
import io.headwater.standalone.LineChart.Series;
import io.headwater.standalone.simulate.SimulationReport.Event;
import io.headwater.standalone.simulate.SimulationReport.EventKind;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final int SAMPLES = 3200;

    @Test
    void shouldGiveTheSameReportForTheSameSeed() {
        assertThat(run("gradual", 1000, 3)).isEqualTo(run("gradual", 1000, 3));
        assertThat(run("gradual", 1000, 3).points())
                .isNotEqualTo(run("gradual", 1000, 4).points());
    }

    @Test
    void shouldRecoverFromAnAbruptChange() {
        SimulationReport report = run("abrupt", SAMPLES, 1);

        assertThat(report.deepestFall()).isGreaterThan(0.5);
        assertThat(report.accuracy())
                .isGreaterThan(run("stationary", SAMPLES, 1).accuracy() - 0.02);
    }

    @Test
    void shouldHardlyFallWhenAProducerIsPoisoned() {
        SimulationReport report = run("poisoned", SAMPLES, 1);

        assertThat(report.deepestFall()).isLessThan(0.02);
        assertThat(report.suspensions()).isPositive();
    }

    @Test
    void shouldEndAsGoodOnASortedStreamAsOnAStationaryOne() {
        assertThat(run("sorted", SAMPLES, 1).accuracy())
                .isGreaterThan(run("stationary", SAMPLES, 1).accuracy() - 0.02);
    }

    @Test
    void shouldReportWhatHappensWhenConceptsRecur() {
        SimulationReport report = run("recurring", SAMPLES, 1);

        assertThat(report.events())
                .extracting(Event::kind)
                .contains(EventKind.CHANGED, EventKind.DRIFT, EventKind.SUSPENDED);
        assertThat(report.drifts()).isBetween(3, 9);
        assertThat(SimulationChart.contenders(report).orElseThrow().series())
                .extracting(Series::name)
                .contains("stacked", "logistic-since-change");
    }

    @Test
    void shouldHardlyReportAnythingOfAStationaryStream() {
        SimulationReport report = run("stationary", SAMPLES, 1);

        assertThat(report.drifts()).isZero();
        assertThat(report.suspensions()).isZero();
    }

    @Test
    void shouldDrawTheAccuracyWithMarks() {
        SimulationReport report = run("poisoned", SAMPLES, 1);

        assertThat(SimulationChart.of(report).series())
                .extracting(Series::name)
                .startsWith("serving version")
                .contains("promotions suspended");
        assertThat(SimulationChart.of(report).svg()).contains("promotions suspended");
    }

    private static SimulationReport run(String scenario, int samples, long seed) {
        AdaptationConfig config = AdaptationConfig.of("simulation", TaskKind.TEXT_CLASSIFICATION, "minilm");
        try (Simulation simulation =
                new Simulation(config, requireNonNull(Scenario.BY_NAME.get(scenario)), samples, 4, 32, seed)) {
            return simulation.run(point -> {});
        }
    }
}
