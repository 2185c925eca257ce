package io.headwater.engine.learn;

import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.engine.weights.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides how many groups of a top are trained at a step, counted from the output layer down. Fine-tuning trains all
 * groups from the first step on. LP-FT (Kumar et al., "Fine-tuning can distort pretrained features and underperform
 * out-of-distribution", 2022) trains the output layer alone for one phase. Gradual unfreezing (Howard and Ruder,
 * "Universal language model fine-tuning for text classification", 2018) adds one group with each phase. A phase lasts
 * a fixed number of steps, or until the loss has not fallen for that number of steps. Not safe for use by several
 * threads.
 */
final class Phases {
    /**
     * A vector [4]: phase, lowest mean loss, steps since then, and mean loss. Present only when phases end by the
     * loss.
     */
    private static final String STATE = "phases";
    // The losses of single steps are noisy; this weight averages over about ten steps.
    private static final float NEW = 0.1f;

    private final StrategyConfig strategy;
    private final int groups;
    private int phase;
    private float lowest = Float.MAX_VALUE;
    // No loss yet.
    private float mean = Float.MAX_VALUE;
    private int since;

    /**
     * Continues from {@code state}.
     *
     * @param groups the number of groups: the output layer and the blocks
     */
    Phases(StrategyConfig strategy, int groups, Map<String, Tensor.F32> state) {
        this.strategy = strategy;
        this.groups = groups;
        Tensor.F32 saved = state.get(STATE);
        if (saved != null && saved.values().length == 4) {
            phase = (int) saved.values()[0];
            lowest = saved.values()[1];
            since = (int) saved.values()[2];
            mean = saved.values()[3];
        }
    }

    /** Returns {@code state} without the entry of this class. */
    static Map<String, Tensor.F32> without(Map<String, Tensor.F32> state) {
        Map<String, Tensor.F32> rest = new TreeMap<>(state);
        rest.remove(STATE);
        return rest;
    }

    /** Returns the number of groups that are trained at the step after {@code iteration} steps, at least 1. */
    int unfrozen(long iteration) {
        long phases = strategy.phaseBy() == PhaseBy.STEPS ? iteration / strategy.phaseSteps() : phase;
        return switch (strategy.strategy()) {
            case LINEAR_PROBE -> 1;
            case FINE_TUNE -> groups;
            case LP_FT -> phases < 1 ? 1 : groups;
            case GRADUAL -> (int) Math.min(groups, 1 + phases);
        };
    }

    /** Records the loss before a step. */
    void learned(double loss) {
        if (strategy.phaseBy() == PhaseBy.STEPS) {
            return;
        }
        mean = mean == Float.MAX_VALUE ? (float) loss : mean + NEW * ((float) loss - mean);
        since++;
        if (mean < lowest) {
            lowest = mean;
            since = 0;
        } else if (since >= strategy.phaseSteps()) {
            phase++;
            since = 0;
        }
    }

    /** Adds the entry of this class to {@code state}. */
    void save(Map<String, Tensor.F32> state) {
        if (strategy.phaseBy() == PhaseBy.PLATEAU) {
            state.put(STATE, new Tensor.F32(new int[] {4}, new float[] {phase, lowest, since, mean}));
        }
    }
}
