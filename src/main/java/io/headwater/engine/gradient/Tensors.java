package io.headwater.engine.gradient;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** Converts small constants to ONNX tensors and back. */
final class Tensors {
    private Tensors() {}

    static TensorProto real(String name, int elementType, double value) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(elementType);
        return (elementType == DataType.DOUBLE_VALUE ? tensor.addDoubleData(value) : tensor.addFloatData((float) value))
                .build();
    }

    static TensorProto integers(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        return tensor.build();
    }

    static TensorProto integer(String name, long value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64_VALUE)
                .addInt64Data(value)
                .build();
    }

    /** The values of a tensor of 32-bit or 64-bit integers; null for other types. */
    static long @Nullable [] integers(TensorProto tensor) {
        List<? extends Number> typed;
        int bytes;
        switch (tensor.getDataType()) {
            case DataType.INT64_VALUE -> {
                typed = tensor.getInt64DataList();
                bytes = Long.BYTES;
            }
            case DataType.INT32_VALUE -> {
                typed = tensor.getInt32DataList();
                bytes = Integer.BYTES;
            }
            default -> {
                return null;
            }
        }
        if (tensor.getRawData().isEmpty()) {
            return typed.stream().mapToLong(Number::longValue).toArray();
        }
        ByteBuffer raw = raw(tensor);
        long[] values = new long[raw.remaining() / bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes == Long.BYTES ? raw.getLong() : raw.getInt();
        }
        return values;
    }

    /** The value of a floating-point tensor of one element; null for other tensors. */
    static @Nullable Double real(TensorProto tensor) {
        long size = tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
        if (size != 1) {
            return null;
        }
        boolean inRaw = !tensor.getRawData().isEmpty();
        return switch (tensor.getDataType()) {
            case DataType.FLOAT_VALUE -> (double) (inRaw ? raw(tensor).getFloat() : tensor.getFloatData(0));
            case DataType.DOUBLE_VALUE -> inRaw ? raw(tensor).getDouble() : tensor.getDoubleData(0);
            default -> null;
        };
    }

    private static ByteBuffer raw(TensorProto tensor) {
        return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
