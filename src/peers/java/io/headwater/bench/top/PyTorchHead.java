package io.headwater.bench.top;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.engine.HeadState;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The same batches in PyTorch, through DJL: as many steps on scaled features, by the same optimiser, with averaged
 * weights. The scaling stays that of the beginning, so that PyTorch has a little less to do.
 */
final class PyTorchHead implements TopEngine {
    private static final String ENGINE = "PyTorch";
    private static final String LAST = "last/";
    /** As in Headwater's polynomial-decay averaging. */
    private static final double DECAY = 4;

    private final HeadCase trained;
    private final AdaptationConfig config;
    private final HeadCase.Draw draw;
    private final NDManager manager = NDManager.newBaseManager(ENGINE);
    private final Optimizer ofMatrices;
    private final Optimizer ofBiases;
    private final Map<String, NDArray> weights = new TreeMap<>();
    private final Map<String, NDArray> averages = new TreeMap<>();
    private final NDArray shift;
    private final NDArray deviation;
    private final float[] features;
    private final float[] targets;
    private long steps;

    private PyTorchHead(HeadCase trained, Path folder) throws IOException {
        this.trained = trained;
        config = trained.config();
        draw = trained.draw();
        ofMatrices = optimiser((float) config.optimiser().weightDecay());
        ofBiases = optimiser(0);
        HeadState start = HeadCase.read(folder);
        start.optimiser().forEach((name, tensor) -> {
            if (name.startsWith(LAST)) {
                NDArray weight = array(tensor);
                averages.put(name.substring(LAST.length()), weight.duplicate());
                weight.setRequiresGradient(true);
                weights.put(name.substring(LAST.length()), weight);
            }
        });
        shift = array(named(start.optimiser(), "scale/shift"));
        deviation = array(named(start.optimiser(), "scale/deviation"));
        features = new float[trained.rows() * trained.features()];
        targets = new float[trained.rows() * HeadCase.CLASSES];
    }

    /** @param args what {@link HeadCase#arguments} returned */
    public static void main(String[] args) throws Exception {
        Engine.getEngine(ENGINE); // reads the numbers of threads from the system properties
        TopEngine.serve(new PyTorchHead(HeadCase.of(args), Path.of(args[3])));
    }

    private Optimizer optimiser(float decay) {
        Tracker rate = Tracker.fixed((float) config.training().learningRate());
        return config.optimiser().updater() == Updater.ADAMW
                ? Optimizer.adamW()
                        .optLearningRateTracker(rate)
                        .optWeightDecays(decay)
                        .build()
                : Optimizer.adam().optLearningRateTracker(rate).build();
    }

    private static <T> T named(Map<String, T> all, String name) {
        T one = all.get(name);
        if (one == null) {
            throw new IllegalStateException("the fixture has no '" + name + "', only " + all.keySet());
        }
        return one;
    }

    private NDArray array(Tensor.F32 tensor) {
        return manager.create(
                tensor.values(),
                new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()));
    }

    @Override
    public double step() {
        draw.batch();
        double loss = train();
        for (int step = 1; step < config.training().gradients().steps(); step++) {
            draw.replayed();
            train();
        }
        return loss;
    }

    private double train() {
        double loss = backward();
        steps++;
        double share = Math.max(1.0 / config.training().gradients().averagedSteps(), (1 + DECAY) / (steps + DECAY));
        weights.forEach((name, weight) -> {
            try (NDArray gradient = weight.getGradient()) {
                (name.endsWith("/W") ? ofMatrices : ofBiases).update(name, weight, gradient);
                gradient.subi(gradient);
            }
            NDArray average = named(averages, name);
            try (NDArray difference = weight.sub(average)) {
                average.addi(difference.muli(share));
            }
        });
        return loss;
    }

    private double backward() {
        flatten(draw.features(), features);
        flatten(draw.targets(), targets);
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine(ENGINE).newGradientCollector()) {
            NDArray batch = step.create(features, new Shape(trained.rows(), trained.features()));
            NDArray expected = step.create(targets, new Shape(trained.rows(), HeadCase.CLASSES));
            NDArray x = batch.subi(shift).divi(deviation);
            if (trained.hidden() > 0) {
                x = Activation.relu(dense(x, "hidden"));
            }
            NDArray loss = dense(x, "output").logSoftmax(-1).mul(expected).sum().div(-trained.rows());
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private NDArray dense(NDArray x, String layer) {
        return x.matMul(named(weights, layer + "/W")).add(named(weights, layer + "/b"));
    }

    private static void flatten(float[][] rows, float[] flat) {
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[i].length, rows[i].length);
        }
    }

    @Override
    public Map<String, Tensor.F32> gradients() {
        throw new UnsupportedOperationException("only gradients of tops are compared");
    }

    @Override
    public void close() {
        manager.close();
    }
}
