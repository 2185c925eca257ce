package io.headwater.engine;

import java.util.List;
import java.util.Locale;
import onnx.Onnx.TensorProto.DataType;

/** The element types of ONNX tensors. */
final class OnnxTypes {
    private OnnxTypes() {}

    /**
     * What a tensor takes in its raw form.
     *
     * @throws BackboneException when the type has no raw form, or the size is out of all bounds
     */
    static long bytes(int type, List<Long> shape) {
        long bits = bits(type);
        try {
            long count = 1;
            for (long size : shape) {
                if (size < 0) {
                    throw new ArithmeticException();
                }
                count = Math.multiplyExact(count, size);
            }
            return Math.addExact(Math.multiplyExact(count, bits), 7) / 8;
        } catch (ArithmeticException e) {
            throw new BackboneException(
                    "a weight's shape must be of sizes that fit in memory, but is " + shape + "; save the model again");
        }
    }

    private static long bits(int type) {
        DataType known = DataType.forNumber(type);
        if (known != null) {
            switch (known) {
                case DOUBLE, INT64, UINT64, COMPLEX64:
                    return 64;
                case FLOAT, INT32, UINT32:
                    return 32;
                case FLOAT16, BFLOAT16, INT16, UINT16:
                    return 16;
                case INT8, UINT8, BOOL:
                    return 8;
                default:
                    break;
            }
        }
        throw new BackboneException("a weight kept in a file of its own must be of a number type, but is of type "
                + (known == null ? type : known.name().toLowerCase(Locale.ROOT)));
    }
}
