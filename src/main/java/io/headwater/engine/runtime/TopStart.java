package io.headwater.engine.runtime;

import io.headwater.engine.PretrainedOutputLayer;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.top.TopGraph;
import io.headwater.engine.weights.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import onnx.Onnx.TensorProto;

/**
 * The initial parameters of new heads.
 *
 * @param top the top that the parameters belong to
 * @param kept the output layer of the base model, if it is kept
 */
record TopStart(TopGraph top, PretrainedOutputLayer kept) {

    /**
     * Returns the parameters of a new head. Parameters of the base model have their pre-trained values. The output
     * layer is that of the base model if it is kept, else zero, so that every class is equally probable. A hidden
     * layer and the first factors of LoRA are initialised uniformly (Glorot and Bengio 2010), drawn by {@link Random},
     * whose algorithm is part of its specification.
     *
     * @param outputs the number of classes, positive
     */
    Map<String, Tensor.F32> parameters(int outputs, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor.F32> pretrained = pretrained();
        Map<String, Tensor.F32> parameters = new TreeMap<>();
        for (ParameterSlot slot : TopWeights.layout(top, outputs).slots()) {
            Tensor.F32 known = pretrained.get(slot.name());
            float[] values = known == null ? drawn(slot, random) : known.values();
            parameters.put(slot.name(), new Tensor.F32(slot.shape(), values));
        }
        return kept.in(parameters);
    }

    private static float[] drawn(ParameterSlot slot, Random random) {
        float[] values = new float[slot.length()];
        if (slot.name().equals(TopGraph.HIDDEN_WEIGHTS) || TopGraph.isFirstFactor(slot.name())) {
            float limit = (float) StrictMath.sqrt(6.0 / (slot.shape()[0] + slot.shape()[1]));
            for (int i = 0; i < values.length; i++) {
                values[i] = (2 * random.nextFloat() - 1) * limit;
            }
        }
        return values;
    }

    /** Returns the pre-trained values of the base model's parameters and running statistics. */
    Map<String, Tensor.F32> pretrained() {
        Map<String, Tensor.F32> pretrained = new HashMap<>(kept.parameters());
        top.parameters().forEach((name, parameter) -> {
            TensorProto tensor = parameter.pretrained();
            if (tensor != null) {
                int[] shape =
                        tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
                pretrained.put(name, new Tensor.F32(shape, Tensors.floats(tensor)));
            }
        });
        return pretrained;
    }
}
