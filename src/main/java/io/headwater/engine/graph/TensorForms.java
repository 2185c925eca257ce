package io.headwater.engine.graph;

import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.weights.Tensor;
import java.util.Arrays;

/** Converts tensors from the layouts of other libraries. */
public final class TensorForms {
    private TensorForms() {}

    public static Tensor.F32 of(float[] values, int... shape) {
        return new Tensor.F32(shape, values);
    }

    /** Permutes the axes of a tensor: axis i of the result is axis {@code order[i]} of {@code tensor}. */
    public static Tensor.F32 permuted(Tensor.F32 tensor, int... order) {
        int[] from = tensor.shape();
        int rank = from.length;
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= from[axis];
        }
        int[] shape = Arrays.stream(order).map(axis -> from[axis]).toArray();
        float[] values = new float[tensor.values().length];
        int[] at = new int[rank];
        for (int i = 0; i < values.length; i++) {
            int source = 0;
            for (int axis = 0; axis < rank; axis++) {
                source += at[axis] * strides[order[axis]];
            }
            values[i] = tensor.values()[source];
            for (int axis = rank - 1; axis >= 0 && ++at[axis] == shape[axis]; axis--) {
                at[axis] = 0;
            }
        }
        return new Tensor.F32(shape, values);
    }

    /**
     * Reorders the rows of a tensor, which correspond to the values of a flattened image, from channels-last to
     * channels-first order.
     */
    public static Tensor.F32 channelsFirst(Tensor.F32 tensor, Shape.Image image) {
        int[] shape = tensor.shape();
        int columns = tensor.values().length / shape[0];
        Tensor.F32 places =
                new Tensor.F32(new int[] {image.height(), image.width(), image.channels(), columns}, tensor.values());
        return new Tensor.F32(shape, permuted(places, 2, 0, 1, 3).values());
    }

    /**
     * Reorders the columns of a matrix, which form {@code parts.length} blocks of equal width: block i of the result
     * is block {@code parts[i]} of {@code tensor}.
     */
    public static Tensor.F32 blocks(Tensor.F32 tensor, int... parts) {
        int[] shape = tensor.shape();
        int columns = shape[shape.length - 1];
        int width = columns / parts.length;
        float[] values = new float[tensor.values().length];
        for (int row = 0; row < values.length; row += columns) {
            for (int part = 0; part < parts.length; part++) {
                System.arraycopy(tensor.values(), row + parts[part] * width, values, row + part * width, width);
            }
        }
        return new Tensor.F32(shape, values);
    }

    public static Tensor.F32 filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return of(values, size);
    }
}
