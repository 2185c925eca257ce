package io.headwater.engine.learn;

import io.headwater.config.OptimiserConfig;
import io.headwater.engine.HeadState;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.weights.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An optimiser over the random parameters of an artificial head, with random gradients in each step. */
final class OptimiserRig implements AutoCloseable {
    static {
        Nd4jRuntime.start();
    }

    /** Three groups, both memory orders, a gap that belongs to no parameter, and a group with two separate ranges. */
    static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new ParameterSlot("low/W", new int[] {4, 3}, 'c', 2, 2, true),
            new ParameterSlot("low/b", new int[] {3}, 'c', 14, 2, false),
            new ParameterSlot("mid/W", new int[] {3, 2, 2}, 'f', 20, 1, true),
            new ParameterSlot("low/scale", new int[0], 'c', 32, 2, false),
            new ParameterSlot("output/W", new int[] {3, 5}, 'f', 33, 0, true),
            new ParameterSlot("output/b", new int[] {5}, 'c', 48, 0, false)));

    static final int SIZE = 55;

    private final long seed;
    private final LiveParameters live;
    private final Optimiser optimiser;

    private OptimiserRig(long seed, OptimiserConfig config, double rate, HeadState state, INDArray values) {
        this.seed = seed;
        this.live = new LiveParameters(LAYOUT, values, Nd4j.create(values.dataType(), SIZE));
        this.optimiser = Optimiser.restore(config, rate, live, state, pretrained(seed));
    }

    static OptimiserRig fresh(long seed, OptimiserConfig config, double rate, DataType type) {
        return new OptimiserRig(
                seed,
                config,
                rate,
                HeadState.ofParameters(Map.of()),
                Nd4j.createFromArray(random(seed, -1)).castTo(type));
    }

    /** Returns another rig that continues from the state of this one. */
    OptimiserRig resumed(OptimiserConfig config, double rate) {
        HeadState state = state();
        INDArray values = Nd4j.create(DataType.FLOAT, SIZE);
        LAYOUT.write(values, state.parameters());
        return new OptimiserRig(seed, config, rate, state, values);
    }

    /** Returns the initial weights, except those of the output layer. */
    static Map<String, Tensor.F32> pretrained(long seed) {
        try (INDArray start = Nd4j.createFromArray(random(seed, -2))) {
            Map<String, Tensor.F32> all = LAYOUT.read(start);
            all.keySet().removeIf(name -> name.startsWith("output/"));
            return all;
        }
    }

    /** Returns normally distributed values that are determined by both arguments. */
    static double[] random(long seed, int step) {
        Random random = new Random(31 * seed + step);
        return random.doubles(SIZE).map(x -> (float) (4 * x - 2)).toArray();
    }

    void step(int unfrozen) {
        step(random(seed, (int) optimiser.iteration()), unfrozen);
    }

    void step(double[] gradients, int unfrozen) {
        try (INDArray given = Nd4j.createFromArray(gradients)) {
            live.gradients().assign(given);
        }
        optimiser.step(unfrozen);
    }

    double[] values() {
        return live.values().toDoubleVector();
    }

    HeadState state() {
        return new HeadState(live.named(), optimiser.state(), optimiser.iteration());
    }

    /** Returns the index in the stored tensor of the {@code i}-th value of a slot in the flat vector. */
    static int atRest(ParameterSlot slot, int i) {
        if (slot.order() == 'c') {
            return i;
        }
        int rest = 0;
        int stride = slot.length();
        int left = i;
        for (int size : slot.shape()) {
            stride /= size;
            rest += left % size * stride;
            left /= size;
        }
        return rest;
    }

    @Override
    public void close() {
        optimiser.close();
        live.values().close();
        live.gradients().close();
    }
}
