package io.headwater.engine.runtime;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** A divided model with training samples. */
record TopRig(DividedModel model, AdaptationConfig config, float[][] features) implements AutoCloseable {
    /** Plain stochastic gradient descent, whose velocity is the negative gradient times the learning rate. */
    static final OptimiserConfig PLAIN = optimiser(Updater.SGD, 0, 1, 0);

    static TopRig open(BaseModelManifest manifest, AdaptationConfig config, List<ModelInput> samples, Compute compute) {
        DividedModel model = BaseModelOpener.open(manifest, compute).divide(config);
        return new TopRig(model, config, model.backbone().features(samples).toArray(float[][]::new));
    }

    static AdaptationConfig config(TaskKind task, StrategyConfig strategy, OptimiserConfig optimiser) {
        return AdaptationConfig.of("test", task, "network")
                .withStrategy(strategy)
                .withOptimiser(optimiser);
    }

    static StrategyConfig strategy(
            Strategy strategy, int blocks, PhaseBy by, TopParameters parameters, double dropout) {
        return new StrategyConfig(
                StrategyConfig.AUTO, strategy, blocks, by, 2, new TopConfig(parameters, 2, 4, dropout));
    }

    /** Returns the strategy with running statistics that are updated by the steps. */
    static StrategyConfig updating(StrategyConfig strategy) {
        return new StrategyConfig(
                strategy.cut(),
                strategy.strategy(),
                strategy.unfreeze(),
                strategy.phaseBy(),
                strategy.phaseSteps(),
                strategy.top().withBatchNorm(BatchStatistics.UPDATE));
    }

    static StrategyConfig fineTune(int blocks) {
        return strategy(Strategy.FINE_TUNE, blocks, PhaseBy.STEPS, TopParameters.ALL, 0);
    }

    static OptimiserConfig optimiser(Updater updater, double momentum, double layerDecay, double l2Sp) {
        return new OptimiserConfig(updater, momentum, 0, Schedule.CONSTANT, 0, 1000, 0, layerDecay, layerDecay, l2Sp);
    }

    /** Returns a new head with a random output layer, so that the layers below it have a gradient. */
    Head head(int classes) {
        try (Head fresh = model.heads().create(classes)) {
            return model.heads()
                    .restore(HeadState.ofParameters(random(fresh.state().parameters())));
        }
    }

    static Map<String, Tensor.F32> random(Map<String, Tensor.F32> parameters) {
        Map<String, Tensor.F32> random = new TreeMap<>(parameters);
        random.computeIfPresent("output/W", (name, tensor) -> gaussian(tensor.shape()));
        return random;
    }

    private static Tensor.F32 gaussian(int[] shape) {
        Random random = new Random(5);
        float[] values = new float[shape[0] * shape[1]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor.F32(shape, values);
    }

    /**
     * Takes one step on the rows from {@code from} to before {@code to}; row i has the class i modulo the number of
     * classes.
     */
    double train(Head head, int from, int to) {
        float[] weights = new float[to - from];
        Arrays.fill(weights, 1);
        return head.train(Arrays.copyOfRange(features, from, to), targets(from, to, head.outputs()), weights);
    }

    static float[][] targets(int from, int to, int classes) {
        float[][] targets = new float[to - from][classes];
        for (int row = from; row < to; row++) {
            targets[row - from][row % classes] = 1;
        }
        return targets;
    }

    /** Returns the gradient of each parameter after the first step of a head with {@link #PLAIN}. */
    Map<String, float[]> gradients(Head head) {
        Map<String, float[]> gradients = new TreeMap<>();
        head.state().optimiser().forEach((name, tensor) -> {
            float[] values = tensor.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] /= (float) -config.training().learningRate();
            }
            gradients.put(name.substring("momentum/".length()), values);
        });
        return gradients;
    }

    static float[] values(Map<String, Tensor.F32> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name).values();
    }

    @Override
    public void close() {
        model.close();
    }
}
