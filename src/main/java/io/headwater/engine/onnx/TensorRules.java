package io.headwater.engine.onnx;

import onnx.Onnx.TensorProto;

/**
 * Checks of every tensor in a file: a known type, a shape without overflow, and an amount of data that matches the
 * shape.
 */
final class TensorRules {
    private static final int MAX_RANK = 32;

    private TensorRules() {}

    static ElementType type(TensorProto tensor) {
        ElementType type = ElementType.of(tensor.getDataType());
        if (type == null) {
            throw wrong(tensor, "must have a type of ONNX, but has number " + tensor.getDataType());
        }
        return type;
    }

    /** The number of elements according to its shape, at most 2^31 - 1. */
    static long elements(TensorProto tensor) {
        if (tensor.getDimsCount() > MAX_RANK) {
            throw wrong(tensor, "may have " + MAX_RANK + " dimensions, but has " + tensor.getDimsCount());
        }
        long elements = 1;
        for (int i = 0; i < tensor.getDimsCount(); i++) {
            long dim = tensor.getDims(i);
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw wrong(tensor, "must have dimensions from 0 to 2147483647, but has " + dim);
            }
            // Both factors are below 2^31, so this cannot overflow.
            elements *= dim;
            if (elements > Integer.MAX_VALUE) {
                throw wrong(tensor, "may have 2147483647 elements, but its shape says more");
            }
        }
        return elements;
    }

    /** Checks that the data of a completely parsed tensor matches its shape; external data is not checked. */
    static void check(TensorProto tensor) {
        ElementType type = type(tensor);
        long elements = elements(tensor);
        if (tensor.hasSegment()) {
            throw wrong(tensor, "must be whole, but is one segment");
        }
        int values = tensor.getFloatDataCount()
                + tensor.getInt32DataCount()
                + tensor.getInt64DataCount()
                + tensor.getDoubleDataCount()
                + tensor.getUint64DataCount()
                + tensor.getStringDataCount();
        boolean raw = !tensor.getRawData().isEmpty();
        if (isExternal(tensor)) {
            if (raw || values > 0 || type == ElementType.STRING) {
                throw wrong(tensor, "must keep its data in one place, but names a file besides");
            }
            return;
        }
        if (tensor.getDataLocation() != TensorProto.DataLocation.DEFAULT) {
            throw wrong(tensor, "must keep its data in the file or beside it, but says " + tensor.getDataLocation());
        }
        if (raw && (values > 0 || type == ElementType.STRING)) {
            throw wrong(tensor, "must keep its data in one place, the one for " + type);
        }
        boolean typed = values > 0 || type == ElementType.STRING;
        long expected = typed ? type.values(elements) : type.bytes(elements);
        long found = typed ? typed(tensor, type) : tensor.getRawData().size();
        if (expected != found) {
            throw wrong(
                    tensor,
                    "has " + elements + " elements of " + type + " by its shape, which take " + expected
                            + (typed ? " values" : " bytes") + ", but has " + found);
        }
    }

    /** The number of values in the field for this type; no other typed field may have values. */
    private static int typed(TensorProto tensor, ElementType type) {
        int[] counts = {
            tensor.getFloatDataCount(),
            tensor.getInt32DataCount(),
            tensor.getStringDataCount(),
            tensor.getInt64DataCount(),
            tensor.getDoubleDataCount(),
            tensor.getUint64DataCount()
        };
        int found = 0;
        for (ElementType.Field field : ElementType.Field.values()) {
            if (field == type.field()) {
                found = counts[field.ordinal()];
            } else if (counts[field.ordinal()] > 0) {
                throw wrong(tensor, "must keep its data in one place, the one for " + type);
            }
        }
        return found;
    }

    static boolean isExternal(TensorProto tensor) {
        return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    static OnnxException wrong(TensorProto tensor, String what) {
        return new OnnxException("tensor '" + tensor.getName() + "' " + what + "; export the model again");
    }
}
