package io.headwater.engine.learn;

import io.headwater.engine.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The positions of a head's trained tensors in its flat vectors of parameters and gradients. Gaps between the tensors
 * are never read or written.
 *
 * @param slots at least one slot, ordered by offset, without overlaps and with unique names
 */
public record ParameterLayout(List<ParameterSlot> slots) {
    public ParameterLayout {
        slots = slots.stream()
                .sorted(Comparator.comparingInt(ParameterSlot::offset))
                .toList();
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("a head needs at least 1 trained parameter, but has none");
        }
        Map<String, ParameterSlot> seen = new TreeMap<>();
        int end = 0;
        for (ParameterSlot slot : slots) {
            if (seen.put(slot.name(), slot) != null) {
                throw new IllegalArgumentException(
                        "a head's parameters must have different names, but two are " + slot.name());
            }
            if (slot.offset() < end) {
                throw new IllegalArgumentException("a head's parameters must not overlap, but " + slot.name()
                        + " begins at " + slot.offset() + ", before the end of the one below at " + end);
            }
            end = slot.end();
        }
    }

    /** Returns the minimum length of the flat vectors. */
    public int size() {
        return slots.get(slots.size() - 1).end();
    }

    /** Returns the number of groups: one more than the greatest depth. */
    public int groups() {
        return 1 + slots.stream().mapToInt(ParameterSlot::depth).max().orElseThrow();
    }

    /** Returns copies of the tensors in {@code vector}, by name. */
    public Map<String, Tensor.F32> read(INDArray vector) {
        Map<String, Tensor.F32> tensors = new TreeMap<>();
        slots.forEach(slot -> tensors.put(slot.name(), read(view(vector, slot.offset(), slot.length()), slot)));
        return tensors;
    }

    /**
     * Copies {@code tensors} into {@code vector}.
     *
     * @throws IllegalArgumentException when they do not match this layout, or are not finite
     */
    public void write(INDArray vector, Map<String, Tensor.F32> tensors) {
        check("parameters", List.of(""), tensors);
        slots.forEach(slot -> write(
                view(vector, slot.offset(), slot.length()), slot, Objects.requireNonNull(tensors.get(slot.name()))));
    }

    /** Returns a row-major copy of {@code part}, which has the length of {@code slot}. */
    static Tensor.F32 read(INDArray part, ParameterSlot slot) {
        INDArray shaped = shaped(part, slot);
        try (INDArray copy = Nd4j.create(DataType.FLOAT, shaped.shape(), 'c').assign(shaped)) {
            return new Tensor.F32(slot.shape(), copy.data().asFloat());
        }
    }

    /** Copies {@code tensor} into {@code part}, which has the length of {@code slot}. */
    static void write(INDArray part, ParameterSlot slot, Tensor.F32 tensor) {
        INDArray shaped = shaped(part, slot);
        try (INDArray copy = Nd4j.create(tensor.values(), shaped.shape(), 'c')) {
            shaped.assign(copy);
        }
    }

    /** Returns a view of {@code length} values of {@code vector}. */
    static INDArray view(INDArray vector, int offset, int length) {
        return vector.reshape('c', true, vector.length())
                .get(NDArrayIndex.interval(offset, Math.addExact(offset, length)));
    }

    /** Returns a view of the part with the slot's shape if its order matters. */
    private static INDArray shaped(INDArray part, ParameterSlot slot) {
        if (slot.order() == 'c' || slot.shape().length < 2) {
            return part;
        }
        return part.reshape(
                'f', true, Arrays.stream(slot.shape()).asLongStream().toArray());
    }

    /**
     * Checks that {@code tensors} are those of this layout, each once with every prefix, of its shape and finite.
     *
     * @param part a name of the tensors for error messages
     */
    public void check(String part, List<String> prefixes, Map<String, Tensor.F32> tensors) {
        Map<String, int[]> wanted = new TreeMap<>();
        prefixes.forEach(prefix -> slots.forEach(slot -> wanted.put(prefix + slot.name(), slot.shape())));
        checkNames(part, wanted.keySet(), tensors.keySet());
        tensors.forEach((name, tensor) -> {
            int[] shape = wanted.get(name);
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException("a head's " + name + " must have shape " + Arrays.toString(shape)
                        + ", but has " + Arrays.toString(tensor.shape()));
            }
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a head's " + name + " must be finite, but holds " + value);
                }
            }
        });
    }

    private static void checkNames(String part, Set<String> wanted, Set<String> given) {
        if (!given.equals(wanted)) {
            throw new IllegalArgumentException(
                    "a head's " + part + " must be " + wanted + ", but are " + new ArrayList<>(given));
        }
    }
}
