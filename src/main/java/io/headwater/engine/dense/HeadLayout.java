package io.headwater.engine.dense;

import io.headwater.engine.HeadState;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The order of a head's tensors in Deeplearning4j's flat vectors: layer after layer, weights before bias, weights
 * column-major. Stored tensors are row-major.
 */
record HeadLayout(int inputs, int hidden, int outputs) {
    HeadLayout {
        if (outputs < 1) {
            throw new IllegalArgumentException("a head needs at least 1 output, but was asked for " + outputs);
        }
    }

    /** Returns the layout of a head in a given state, after checking the parameters of the state. */
    static HeadLayout of(HeadSpec spec, HeadState state) {
        HeadLayout layout = new HeadLayout(spec.inputs(), spec.hidden(), HeadState.outputs(state.parameters()));
        layout.parameters().check("parameters", List.of(""), state.parameters());
        return layout;
    }

    /**
     * Returns the layout of all parameters. They belong to the group of the output layer, as none of them is
     * pre-trained.
     */
    ParameterLayout parameters() {
        List<ParameterSlot> slots = new ArrayList<>();
        int offset = 0;
        if (hidden > 0) {
            offset = add(slots, "hidden", inputs, hidden, offset);
        }
        add(slots, "output", hidden > 0 ? hidden : inputs, outputs, offset);
        return new ParameterLayout(slots);
    }

    /** Returns every tensor, filled with zeros. */
    Map<String, Tensor.F32> zeros() {
        Map<String, Tensor.F32> zeros = new TreeMap<>();
        parameters()
                .slots()
                .forEach(slot -> zeros.put(slot.name(), new Tensor.F32(slot.shape(), new float[slot.length()])));
        return zeros;
    }

    /** Returns the values of {@code tensors} in the order of Deeplearning4j's flat vector. */
    float[] flat(Map<String, Tensor.F32> tensors) {
        List<ParameterSlot> slots = parameters().slots();
        float[] flat = new float[slots.get(slots.size() - 1).end()];
        for (ParameterSlot slot : slots) {
            float[] values = Objects.requireNonNull(tensors.get(slot.name()), slot.name())
                    .values();
            int columns = slot.shape()[slot.shape().length - 1];
            int rows = values.length / columns;
            for (int i = 0; i < values.length; i++) {
                int place = slot.order() == 'f' ? i % columns * rows + i / columns : i;
                flat[slot.offset() + place] = values[i];
            }
        }
        return flat;
    }

    private static int add(List<ParameterSlot> slots, String layer, int in, int out, int offset) {
        ParameterSlot weights = new ParameterSlot(layer + "/W", new int[] {in, out}, 'f', offset, 0, true);
        ParameterSlot bias = new ParameterSlot(layer + "/b", new int[] {out}, 'c', weights.end(), 0, false);
        slots.add(weights);
        slots.add(bias);
        return bias.end();
    }
}
