package io.headwater.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.headwater.engine.BackboneException;
import io.headwater.engine.device.Nd4jRuntime;
import io.headwater.engine.learn.ParameterLayout;
import io.headwater.engine.learn.ParameterSlot;
import io.headwater.engine.top.Parameter;
import io.headwater.engine.top.ParameterRole;
import io.headwater.engine.top.TopGraph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A flat vector of a top's parameters, whose memory ONNX Runtime and ND4J share. */
final class TopWeights implements AutoCloseable {
    private final INDArray vector;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    private final Map<String, FloatBuffer> parts = new HashMap<>();

    /** Creates a vector of zeros. */
    TopWeights(ParameterLayout layout) {
        Nd4jRuntime.start();
        vector = Nd4j.create(DataType.FLOAT, 1, layout.size());
        FloatBuffer all = vector.data().asNioFloat();
        try {
            for (ParameterSlot slot : layout.slots()) {
                FloatBuffer part = all.duplicate();
                part.position(slot.offset()).limit(slot.offset() + slot.length());
                long[] shape = new long[slot.shape().length];
                for (int axis = 0; axis < shape.length; axis++) {
                    shape[axis] = slot.shape()[axis];
                }
                tensors.put(slot.name(), OnnxTensor.createTensor(OnnxRuntime.environment(), part.slice(), shape));
                parts.put(slot.name(), part.slice());
            }
        } catch (OrtException e) {
            close();
            throw new BackboneException("ONNX Runtime cannot take the parameters of a head", e);
        }
    }

    /**
     * Returns the layout of the vector for heads with {@code outputs} classes: the parameters of {@link #learned},
     * followed by running statistics.
     */
    static ParameterLayout layout(TopGraph top, int outputs) {
        List<ParameterSlot> slots = new ArrayList<>(learned(top, outputs).slots());
        slots.addAll(slots(top, outputs, slots.get(slots.size() - 1).end(), role -> role == ParameterRole.STATISTIC));
        return new ParameterLayout(slots);
    }

    /** Returns the layout of the parameters that the optimiser updates, for heads with {@code outputs} classes. */
    static ParameterLayout learned(TopGraph top, int outputs) {
        return new ParameterLayout(slots(top, outputs, 0, role -> role != ParameterRole.STATISTIC));
    }

    private static List<ParameterSlot> slots(TopGraph top, int outputs, int from, Predicate<ParameterRole> which) {
        List<ParameterSlot> slots = new ArrayList<>();
        int offset = from;
        for (Map.Entry<String, Parameter> each : new TreeMap<>(top.parameters()).entrySet()) {
            if (!which.test(each.getValue().role())) {
                continue;
            }
            long[] wanted = each.getValue().shape();
            int[] shape = new int[wanted.length];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = wanted[axis] < 0 ? outputs : Math.toIntExact(wanted[axis]);
            }
            boolean decays = each.getValue().role() == ParameterRole.WEIGHT;
            ParameterSlot slot = new ParameterSlot(
                    each.getKey(), shape, 'c', offset, each.getValue().depth(), decays);
            slots.add(slot);
            offset = Math.addExact(offset, slot.length());
        }
        return slots;
    }

    /**
     * Updates a running statistic with the batch statistic of a step.
     *
     * @param momentum the share of the running statistic that is kept, 0 to 1
     */
    void follow(String statistic, float[] measured, double momentum) {
        FloatBuffer running = Objects.requireNonNull(parts.get(statistic), statistic);
        for (int i = 0; i < measured.length; i++) {
            running.put(i, (float) (running.get(i) * momentum + measured[i] * (1 - momentum)));
        }
    }

    /** Returns the vector. */
    INDArray vector() {
        return vector;
    }

    /** Returns the parts of the vector by name, as tensors that share its memory. */
    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        vector.close();
    }
}
