package io.headwater.bench.top;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The same step in PyTorch, through DJL. */
final class PyTorchTop implements TopEngine {
    private static final String ENGINE = "PyTorch";

    private final NDManager manager = NDManager.newBaseManager(ENGINE);
    private final Optimizer optimiser = Optimizer.adam()
            .optLearningRateTracker(Tracker.fixed((float) TopCase.LEARNING_RATE))
            .build();
    private final Map<String, NDArray> weights = new TreeMap<>();
    private final PyTorchModels model;
    private final float[] rows;
    private final Shape shape;
    private final NDArray targets;

    private PyTorchTop(TopCase top, Path folder) throws IOException {
        TopFixture fixture = TopFixture.read(folder);
        Map<String, NDArray> constants = new TreeMap<>();
        PyTorchModels.constants(top, fixture).forEach((name, tensor) -> constants.put(name, array(tensor)));
        fixture.parameters().forEach((name, tensor) -> {
            NDArray weight = array(tensor);
            weight.setRequiresGradient(true);
            weights.put(name, weight);
        });
        model = new PyTorchModels(top, weights, constants);
        shape = PyTorchModels.cut(top, top.rows());
        rows = flat(fixture.rows());
        targets = manager.create(flat(top.targets()), new Shape(top.rows(), top.classes()));
    }

    /** @param args the case, the folder of its fixture */
    public static void main(String[] args) throws Exception {
        Engine.getEngine(ENGINE); // reads the numbers of threads from the system properties
        TopEngine.serve(new PyTorchTop(TopCase.valueOf(args[0]), Path.of(args[1])));
    }

    private NDArray array(Tensor.F32 tensor) {
        return manager.create(
                tensor.values(),
                new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray()));
    }

    private static float[] flat(float[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
        }
        return all;
    }

    @Override
    public double step() {
        double loss = backward();
        weights.forEach((name, weight) -> {
            try (NDArray gradient = weight.getGradient()) {
                optimiser.update(name, weight, gradient);
                gradient.subi(gradient);
            }
        });
        return loss;
    }

    @Override
    public Map<String, Tensor.F32> gradients() {
        backward();
        Map<String, Tensor.F32> gradients = new TreeMap<>();
        weights.forEach((name, weight) -> {
            try (NDArray gradient = weight.getGradient()) {
                int[] sizes = Arrays.stream(weight.getShape().getShape())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                gradients.put(name, new Tensor.F32(sizes, gradient.toFloatArray()));
                gradient.subi(gradient);
            }
        });
        return gradients;
    }

    private double backward() {
        try (NDManager step = manager.newSubManager();
                GradientCollector collector = Engine.getEngine(ENGINE).newGradientCollector()) {
            NDArray batch = step.create(rows, shape);
            NDArray loss = model.logits(batch).logSoftmax(-1).mul(targets).sum().div(-shape.get(0));
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
