package io.headwater.engine.dense;

import io.headwater.engine.HeadState;
import io.headwater.engine.learn.Learning;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Creates the initial state of heads, and extends an existing state by further classes. */
public final class HeadGrowth {
    /** The full names of the output layer's parameters; other parameters may have the same suffixes. */
    private static final List<String> OUTPUT = List.of("output/W", "output/b");

    /** The prefixes of tensors in the optimiser state that have the shape of a parameter. */
    private static final List<String> PREFIXES = Stream.concat(
                    Learning.prefixes().stream(), Stream.of(FoldedHead.lastPrefix()))
            .toList();

    private HeadGrowth() {}

    /**
     * Returns the state of a new head. Its output layer is zero, so every class is equally probable. A hidden layer is
     * initialised uniformly as in Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
     * networks" (2010), drawn by {@link java.util.Random}, whose algorithm is part of its specification.
     *
     * @param outputs the number of classes, positive
     */
    public static HeadState first(HeadSpec spec, int outputs) {
        HeadLayout layout = new HeadLayout(spec.inputs(), spec.hidden(), outputs);
        Map<String, Tensor.F32> parameters = layout.zeros();
        Tensor.F32 hidden = parameters.get("hidden/W");
        if (hidden != null) {
            java.util.Random random = new java.util.Random(spec.seed());
            float limit = (float) StrictMath.sqrt(6.0 / (spec.inputs() + spec.hidden()));
            float[] weights = hidden.values();
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (2 * random.nextFloat() - 1) * limit;
            }
        }
        return HeadState.ofParameters(parameters);
    }

    /**
     * Returns the state of the same head with more classes. Weights, bias and optimiser state of the new classes are
     * zero; everything else is unchanged bit for bit, so the logits of the old classes stay the same.
     *
     * @param outputs the number of classes, at least as many as before
     * @throws IllegalArgumentException when the output layer would shrink
     */
    public static HeadState grown(HeadState state, int outputs) {
        return new HeadState(
                widened(state.parameters(), List.of(""), outputs),
                widened(state.optimiser(), PREFIXES, outputs),
                state.iteration());
    }

    /**
     * Returns the parameters of a head with some of its classes only; everything else is unchanged bit for bit.
     *
     * @param classes the classes that remain, in their new order
     */
    public static Map<String, Tensor.F32> only(Map<String, Tensor.F32> parameters, int[] classes) {
        Map<String, Tensor.F32> some = new TreeMap<>(parameters);
        OUTPUT.forEach(name -> some.computeIfPresent(name, (key, tensor) -> only(tensor, classes)));
        return some;
    }

    private static Tensor.F32 only(Tensor.F32 tensor, int[] classes) {
        int[] shape = tensor.shape().clone();
        int last = shape.length - 1;
        int before = shape[last];
        shape[last] = classes.length;
        int rows = Arrays.stream(shape, 0, last).reduce(1, Math::multiplyExact);
        float[] values = new float[Math.multiplyExact(rows, classes.length)];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < classes.length; i++) {
                values[row * classes.length + i] = tensor.values()[row * before + classes[i]];
            }
        }
        return new Tensor.F32(shape, values);
    }

    private static Map<String, Tensor.F32> widened(
            Map<String, Tensor.F32> tensors, List<String> prefixes, int outputs) {
        Map<String, Tensor.F32> grown = new TreeMap<>(tensors);
        for (String prefix : prefixes) {
            for (String name : OUTPUT) {
                grown.computeIfPresent(prefix + name, (key, tensor) -> widened(key, tensor, outputs));
            }
        }
        return grown;
    }

    /** Copies every row of {@code tensor} to the front of a wider row of zeros. */
    private static Tensor.F32 widened(String name, Tensor.F32 tensor, int outputs) {
        int[] shape = tensor.shape().clone();
        int last = shape.length - 1;
        int before = shape[last];
        if (outputs < before) {
            throw new IllegalArgumentException("a head's outputs only grow: " + name + " has " + before
                    + " of them, but was asked for " + outputs);
        }
        shape[last] = outputs;
        int rows = Arrays.stream(shape, 0, last).reduce(1, Math::multiplyExact);
        float[] values = new float[Math.multiplyExact(rows, outputs)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(tensor.values(), row * before, values, row * outputs, before);
        }
        return new Tensor.F32(shape, values);
    }
}
