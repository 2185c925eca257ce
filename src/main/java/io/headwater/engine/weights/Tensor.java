package io.headwater.engine.weights;

import java.util.Arrays;

/** A tensor of a file, in row-major order. Its arrays are owned by the tensor and must not be modified. */
public sealed interface Tensor {

    /** Its dimensions, outermost first; empty for a scalar. */
    int[] shape();

    /** 32-bit floats. */
    record F32(int[] shape, float[] values) implements Tensor {
        public F32 {
            check(shape, values.length);
        }
    }

    /** 32-bit integers. */
    record I32(int[] shape, int[] values) implements Tensor {
        public I32 {
            check(shape, values.length);
        }
    }

    /** 64-bit integers. */
    record I64(int[] shape, long[] values) implements Tensor {
        public I64 {
            check(shape, values.length);
        }
    }

    private static void check(int[] shape, int length) {
        long size = 1;
        for (int n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException("tensor of shape " + Arrays.toString(shape) + " is below 0");
            }
            size = Math.multiplyExact(size, (long) n);
        }
        if (size != length) {
            throw new IllegalArgumentException(
                    "tensor of shape " + Arrays.toString(shape) + " needs " + size + " values, but has " + length);
        }
    }
}
