package io.headwater.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a head's tensors lie in Deeplearning4j's flat vectors: layer after layer, weights before bias, weights
 * column-major. Tensors at rest are row-major.
 */
record HeadLayout(int inputs, int hidden, int outputs) {
    static final String FIRST_MOMENT = "adam.m/";
    static final String SECOND_MOMENT = "adam.v/";

    /** One parameter: weights of rank 2, or a bias of rank 1. */
    record Slot(String name, int[] shape, int offset) {
        int size() {
            return Arrays.stream(shape).reduce(1, Math::multiplyExact);
        }
    }

    HeadLayout {
        if (outputs < 1) {
            throw new IllegalArgumentException("a head needs at least 1 output, but was asked for " + outputs);
        }
    }

    /** The layout of a head in a given state, which is checked against it. */
    static HeadLayout of(HeadSpec spec, HeadState state) {
        Tensor.F32 bias = state.parameters().get("output/b");
        if (bias == null || bias.shape().length != 1) {
            throw new IllegalArgumentException("a head's state needs a tensor output/b of rank 1, but has "
                    + state.parameters().keySet());
        }
        HeadLayout layout = new HeadLayout(spec.inputs(), spec.hidden(), bias.shape()[0]);
        layout.check(state);
        return layout;
    }

    List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        int offset = 0;
        if (hidden > 0) {
            offset = add(slots, "hidden", inputs, hidden, offset);
        }
        add(slots, "output", hidden > 0 ? hidden : inputs, outputs, offset);
        return List.copyOf(slots);
    }

    int size() {
        return slots().stream().mapToInt(Slot::size).reduce(0, Math::addExact);
    }

    /** The flat vector of the tensors whose names begin with {@code prefix}. */
    float[] flat(Map<String, Tensor.F32> tensors, String prefix) {
        float[] flat = new float[size()];
        for (Slot slot : slots()) {
            float[] values =
                    Objects.requireNonNull(tensors.get(prefix + slot.name)).values();
            for (int i = 0; i < values.length; i++) {
                flat[slot.offset + columnMajor(slot, i)] = values[i];
            }
        }
        return flat;
    }

    /** The tensors of a flat vector, by names that begin with {@code prefix}. */
    Map<String, Tensor.F32> named(float[] flat, String prefix) {
        Map<String, Tensor.F32> tensors = new TreeMap<>();
        for (Slot slot : slots()) {
            float[] values = new float[slot.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = flat[slot.offset + columnMajor(slot, i)];
            }
            tensors.put(prefix + slot.name, new Tensor.F32(slot.shape, values));
        }
        return tensors;
    }

    private void check(HeadState state) {
        Map<String, int[]> parameters = new TreeMap<>();
        Map<String, int[]> optimiser = new TreeMap<>();
        for (Slot slot : slots()) {
            parameters.put(slot.name, slot.shape);
            optimiser.put(FIRST_MOMENT + slot.name, slot.shape);
            optimiser.put(SECOND_MOMENT + slot.name, slot.shape);
        }
        check("parameters", parameters, state.parameters());
        check("optimiser", optimiser, state.optimiser());
        if (state.iteration() < 0 || state.iteration() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a head's iteration must be 0 to " + Integer.MAX_VALUE + ", but is " + state.iteration());
        }
    }

    private static void check(String part, Map<String, int[]> wanted, Map<String, Tensor.F32> given) {
        if (!given.keySet().equals(wanted.keySet())) {
            throw new IllegalArgumentException(
                    "a head's " + part + " must be " + wanted.keySet() + ", but are " + given.keySet());
        }
        given.forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.shape(), wanted.get(name))) {
                throw new IllegalArgumentException("a head's " + name + " must have shape "
                        + Arrays.toString(wanted.get(name)) + ", but has " + Arrays.toString(tensor.shape()));
            }
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a head's " + name + " must be finite, but holds " + value);
                }
            }
        });
    }

    private static int add(List<Slot> slots, String layer, int in, int out, int offset) {
        Slot weights = new Slot(layer + "/W", new int[] {in, out}, offset);
        Slot bias = new Slot(layer + "/b", new int[] {out}, Math.addExact(offset, weights.size()));
        slots.add(weights);
        slots.add(bias);
        return Math.addExact(bias.offset, out);
    }

    /** Where the {@code i}-th value of a row-major tensor lies in its column-major block. */
    private static int columnMajor(Slot slot, int i) {
        if (slot.shape.length == 1) {
            return i;
        }
        int columns = slot.shape[1];
        return (i % columns) * slot.shape[0] + i / columns;
    }
}
