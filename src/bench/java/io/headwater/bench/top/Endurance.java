package io.headwater.bench.top;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;

/** A kind of training that is run for many steps. */
enum Endurance {
    LINEAR_PROBE("linear-probe", Strategy.LINEAR_PROBE, TopParameters.ALL, 0),
    FINE_TUNE("fine-tune", Strategy.FINE_TUNE, TopParameters.ALL, 0),
    LP_FT("lp-ft", Strategy.LP_FT, TopParameters.ALL, 0),
    GRADUAL("gradual", Strategy.GRADUAL, TopParameters.ALL, 0),
    BIASES("fine-tune, biases", Strategy.FINE_TUNE, TopParameters.BIASES, 0),
    LORA("fine-tune, lora", Strategy.FINE_TUNE, TopParameters.LORA, 0),
    /** All optional parts of a training step at once. */
    EVERYTHING("gradual, adamw, L2-SP, clipping, layer decay, dropout", Strategy.GRADUAL, TopParameters.ALL, 0.1);

    private static final int BLOCKS = 2;
    private static final int PHASE_STEPS = 200;

    private final String title;
    private final Strategy strategy;
    private final TopParameters parameters;
    private final double dropout;

    Endurance(String title, Strategy strategy, TopParameters parameters, double dropout) {
        this.title = title;
        this.strategy = strategy;
        this.parameters = parameters;
        this.dropout = dropout;
    }

    String title() {
        return title;
    }

    StrategyConfig strategy() {
        return new StrategyConfig(
                StrategyConfig.AUTO,
                strategy,
                strategy == Strategy.LINEAR_PROBE ? 0 : BLOCKS,
                PhaseBy.STEPS,
                PHASE_STEPS,
                new TopConfig(parameters, 8, 16, dropout));
    }

    OptimiserConfig optimiser() {
        return this == EVERYTHING
                ? new OptimiserConfig(
                        Updater.ADAMW, 0.9, 0.01, Schedule.INVERSE_SQUARE_ROOT, 100, 1000, 1, 0.1, 0.9, 0.01)
                : OptimiserConfig.DEFAULT;
    }
}
