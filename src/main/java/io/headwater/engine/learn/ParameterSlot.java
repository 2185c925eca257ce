package io.headwater.engine.learn;

/**
 * One trained tensor in a flat vector of parameters.
 *
 * @param name the name under which it is stored
 * @param shape the stored shape, row-major; every size positive, empty for a scalar
 * @param order the order in the flat vector: 'c' row-major, 'f' column-major
 * @param offset the index of its first value in the flat vector
 * @param depth the depth of its group: 0 for the output layer, 1 for the block below, and so on
 * @param decays whether weight decay applies: to matrices, but not to biases and normalisation parameters
 */
public record ParameterSlot(String name, int[] shape, char order, int offset, int depth, boolean decays) {
    public ParameterSlot {
        for (int size : shape) {
            if (size < 1) {
                throw new IllegalArgumentException(
                        "a parameter's sizes must be positive, but " + name + " has " + size);
            }
        }
        if (order != 'c' && order != 'f') {
            throw new IllegalArgumentException(
                    "a parameter's order must be c or f, but that of " + name + " is " + order);
        }
        if (offset < 0 || depth < 0) {
            throw new IllegalArgumentException("a parameter's offset and depth must be at least 0, but those of " + name
                    + " are " + offset + " and " + depth);
        }
        Math.addExact(offset, length(shape));
    }

    /** Returns the number of values. */
    public int length() {
        return length(shape);
    }

    /** Returns the offset after its last value. */
    public int end() {
        return offset + length();
    }

    private static int length(int[] shape) {
        int length = 1;
        for (int size : shape) {
            length = Math.multiplyExact(length, size);
        }
        return length;
    }
}
