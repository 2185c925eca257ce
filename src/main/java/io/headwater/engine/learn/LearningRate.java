package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;

/**
 * The learning rate of the output layer at each step. The warm-up reaches {@code base} with its last step.
 *
 * @param base the maximum, positive
 * @param schedule the shape of the schedule
 * @param warmUpSteps the number of steps of the linear warm-up, at least 0; ignored by a constant schedule
 * @param scheduleSteps the number of steps after the warm-up in which the cosine falls to 0, at least 1
 */
record LearningRate(double base, Schedule schedule, int warmUpSteps, int scheduleSteps) {
    LearningRate {
        if (!(base > 0 && Double.isFinite(base)) || warmUpSteps < 0 || scheduleSteps < 1) {
            throw new IllegalArgumentException(
                    "a learning rate must be above 0 with warm-up steps from 0 and schedule steps from 1, but they are "
                            + base + ", " + warmUpSteps + " and " + scheduleSteps);
        }
    }

    /** Returns the schedule of {@code config} with the maximum {@code base}. */
    static LearningRate of(OptimiserConfig config, double base) {
        return new LearningRate(base, config.schedule(), config.warmUpSteps(), config.scheduleSteps());
    }

    /**
     * Returns the learning rate of the next step after {@code step} steps: constant; a linear warm-up; half a cosine
     * to 0 (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without the
     * restarts); or falling with the inverse square root of the step (Vaswani et al., "Attention is all you need",
     * 2017).
     *
     * @param step at least 0
     */
    double at(long step) {
        if (schedule == Schedule.CONSTANT) {
            return base;
        }
        if (step < warmUpSteps) {
            return base * (step + 1) / warmUpSteps;
        }
        return switch (schedule) {
            case CONSTANT, WARM_UP -> base;
            case COSINE -> {
                double share = Math.min(1, (double) (step - warmUpSteps) / scheduleSteps);
                yield share == 1 ? 0 : base * 0.5 * (1 + StrictMath.cos(Math.PI * share));
            }
            case INVERSE_SQUARE_ROOT -> base * Math.sqrt(Math.max(1, warmUpSteps) / (step + 1.0));
        };
    }
}
