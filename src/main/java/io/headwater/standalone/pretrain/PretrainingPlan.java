package io.headwater.standalone.pretrain;

import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.engine.runtime.WholeModels;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The hyperparameters of a pretraining: AdamW with linear warm-up, cosine decay to 0, and gradients clipped by norm.
 *
 * @param steps number of optimiser steps, 1 to 1,000,000
 * @param batch samples per step, 1 to 4096
 * @param learningRate peak learning rate at the end of the warm-up, above 0 and at most 1
 * @param warmUp number of warm-up steps, 0 to {@code steps}
 * @param weightDecay coefficient of decoupled weight decay, which is multiplied by the learning rate, 0 to 1
 * @param heldOut share of the samples that is held out from training, 0 to 0.5
 * @param checkpointEvery number of steps between checkpoints, 1 to 1,000,000
 * @param seed seed of all randomness; not 0
 * @param threads number of ONNX Runtime threads, 1 to 64; the exact results depend on it
 */
public record PretrainingPlan(
        int steps,
        int batch,
        double learningRate,
        int warmUp,
        double weightDecay,
        double heldOut,
        int checkpointEvery,
        long seed,
        int threads) {
    private static final double CLIP_NORM = 1;

    public PretrainingPlan {
        check("steps", steps, 1, 1_000_000);
        check("batch", batch, 1, 4096);
        check("learning-rate", learningRate, Double.MIN_VALUE, 1);
        check("warm-up", warmUp, 0, steps);
        check("weight-decay", weightDecay, 0, 1);
        check("held-out", heldOut, 0, 0.5);
        check("checkpoint-every", checkpointEvery, 1, 1_000_000);
        check("threads", threads, 1, 64);
        if (seed == 0) {
            throw new IllegalArgumentException("seed must be a number other than 0, but is 0; choose another");
        }
    }

    static void check(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            String range = least == Double.MIN_VALUE
                    ? "above 0 and at most " + number(most)
                    : "from " + number(least) + " to " + number(most);
            throw new IllegalArgumentException(
                    name + " must be " + range + ", but is " + number(value) + "; choose another");
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Returns the number of steps between points of the curve. */
    int pointEvery() {
        return Math.max(1, steps / 20);
    }

    WholeModels.Rule rule() {
        OptimiserConfig optimiser = new OptimiserConfig(
                Updater.ADAMW,
                OptimiserConfig.DEFAULT.momentum(),
                weightDecay,
                Schedule.COSINE,
                warmUp,
                Math.max(1, steps - warmUp),
                CLIP_NORM,
                1,
                1,
                0);
        return new WholeModels.Rule(optimiser, learningRate, seed, threads);
    }

    /** Returns all options that influence the result, by option name. */
    SortedMap<String, String> arguments() {
        SortedMap<String, String> arguments = new TreeMap<>();
        arguments.put("steps", Integer.toString(steps));
        arguments.put("batch", Integer.toString(batch));
        arguments.put("learning-rate", Double.toString(learningRate));
        arguments.put("warm-up", Integer.toString(warmUp));
        arguments.put("weight-decay", Double.toString(weightDecay));
        arguments.put("held-out", Double.toString(heldOut));
        arguments.put("seed", Long.toString(seed));
        arguments.put("threads", Integer.toString(threads));
        return arguments;
    }
}
