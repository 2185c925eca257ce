package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TrainingConfig.ClassWeights;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdaptationConfigTest {

    @Test
    void shouldRefuseValuesOutsideTheirRangesInCodeToo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeadConfig(8193))
                .withMessage("head.hidden must be a whole number from 0 to 8192, but is '8193'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingConfig(16, Double.NaN, 0, ClassWeights.NONE, 1))
                .withMessageContaining("learning-rate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingConfig(16, 0.1, 0, ClassWeights.NONE, 0))
                .withMessageContaining("other than 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CheckpointConfig(1, Duration.ZERO, Duration.ZERO))
                .withMessageContaining("checkpoint.interval");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdaptationConfig.of("a/b", TaskKind.TEXT_CLASSIFICATION, "minilm"))
                .withMessageContaining("name");
        StrategyConfig strategy = StrategyConfig.DEFAULT;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StrategyConfig(
                        "auto", Strategy.LINEAR_PROBE, 1, strategy.phaseBy(), strategy.phaseSteps(), strategy.top()))
                .withMessageStartingWith("training.unfreeze must be 0 with training.strategy linear-probe");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OptimiserConfig(Updater.ADAM, 0.9, 0.1, Schedule.CONSTANT, 0, 1, 0, 0.1, 1, 0))
                .withMessageStartingWith("optimiser.weight-decay must be 0 with optimiser.updater adam, but is 0.1");
    }

    @Test
    void shouldAllowACostOfAbstainingOnlyWhereItCanBeCompared() {
        UncertaintyConfig half = new UncertaintyConfig(0.9, 0.5);
        UncertaintyConfig five = new UncertaintyConfig(0.9, 5.0);
        AdaptationConfig classes = AdaptationConfig.of("a", TaskKind.TEXT_CLASSIFICATION, "minilm");

        assertThat(classes.withUncertainty(half).uncertainty()).isEqualTo(half);
        assertThat(AdaptationConfig.of("a", TaskKind.REGRESSION, "minilm")
                        .withUncertainty(five)
                        .uncertainty())
                .isEqualTo(five);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classes.withUncertainty(five))
                .withMessage(
                        "uncertainty.abstain-cost must be at most 1 with task text-classification, the cost of a wrong"
                                + " answer, but is 5.0; lower it or leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdaptationConfig.of("a", TaskKind.QUESTION_ANSWERING, "minilm")
                        .withUncertainty(half))
                .withMessageStartingWith("uncertainty.abstain-cost must be left out with task question-answering");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UncertaintyConfig(1, null))
                .withMessage("uncertainty.coverage must be a number from 0 to below 1, but is '1.0'");
    }
}
