package io.headwater.engine.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The element type of a tensor: {@code TensorProto.DataType} up to opset 26 of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
enum ElementType {
    FLOAT(1, 32, Field.FLOATS),
    UINT8(2, 8, Field.INTS),
    INT8(3, 8, Field.INTS),
    UINT16(4, 16, Field.INTS),
    INT16(5, 16, Field.INTS),
    INT32(6, 32, Field.INTS),
    INT64(7, 64, Field.LONGS),
    STRING(8, 0, Field.STRINGS),
    BOOL(9, 8, Field.INTS),
    FLOAT16(10, 16, Field.INTS),
    DOUBLE(11, 64, Field.DOUBLES),
    UINT32(12, 32, Field.UNSIGNED),
    UINT64(13, 64, Field.UNSIGNED),
    COMPLEX64(14, 64, Field.FLOATS),
    COMPLEX128(15, 128, Field.DOUBLES),
    BFLOAT16(16, 16, Field.INTS),
    FLOAT8E4M3FN(17, 8, Field.INTS),
    FLOAT8E4M3FNUZ(18, 8, Field.INTS),
    FLOAT8E5M2(19, 8, Field.INTS),
    FLOAT8E5M2FNUZ(20, 8, Field.INTS),
    UINT4(21, 4, Field.INTS),
    INT4(22, 4, Field.INTS),
    FLOAT4E2M1(23, 4, Field.INTS),
    FLOAT8E8M0(24, 8, Field.INTS),
    UINT2(25, 2, Field.INTS),
    INT2(26, 2, Field.INTS);

    private static final Map<Integer, ElementType> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(type -> type.code, Function.identity()));

    private final int code;
    private final int bits;
    private final Field field;

    ElementType(int code, int bits, Field field) {
        this.code = code;
        this.bits = bits;
        this.field = field;
    }

    /** The type with this number in ONNX files, or null if there is none. */
    static @Nullable ElementType of(int code) {
        return BY_CODE.get(code);
    }

    /** Its number in ONNX files. */
    int code() {
        return code;
    }

    /** Whether it is one of the types that weights and features have: float, double, float16 or bfloat16. */
    boolean isFloat() {
        return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
    }

    /** The number of bytes that {@code elements} elements take in {@code raw_data}; elements of fewer than 8 bits share bytes. */
    long bytes(long elements) {
        return (Math.multiplyExact(elements, (long) bits) + 7) / 8;
    }

    /** The number of values in the typed field that hold {@code elements} elements. */
    long values(long elements) {
        if (this == COMPLEX64 || this == COMPLEX128) {
            return 2 * elements;
        }
        return bits < 8 && bits > 0 ? (elements * bits + 7) / 8 : elements;
    }

    Field field() {
        return field;
    }

    /** The typed fields of a tensor. */
    enum Field {
        FLOATS(4),
        INTS(5),
        STRINGS(6),
        LONGS(7),
        DOUBLES(10),
        UNSIGNED(11);

        private final int number;

        Field(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
