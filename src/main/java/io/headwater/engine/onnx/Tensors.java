package io.headwater.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.protobuf.ByteString;

/** Converts numbers to ONNX tensors and back. */
public final class Tensors {
    private Tensors() {}

    /** A tensor in single precision with raw data, whose values are given in row-major order. */
    public static TensorProto floats(String name, float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        TensorProto.Builder tensor = typed(name, DataType.FLOAT_VALUE);
        Arrays.stream(shape).forEach(tensor::addDims);
        return tensor.setRawData(ByteString.copyFrom(raw)).build();
    }

    /** The values of a tensor in single precision with raw data. */
    public static float[] floats(TensorProto tensor) {
        float[] values = new float[tensor.getRawData().size() / Float.BYTES];
        raw(tensor).asFloatBuffer().get(values);
        return values;
    }

    /**
     * A floating-point number without axes.
     *
     * @param elementType in single or double precision, {@code TensorProto.DataType}
     */
    public static TensorProto real(String name, int elementType, double value) {
        TensorProto.Builder tensor = typed(name, elementType);
        return (elementType == DataType.DOUBLE_VALUE ? tensor.addDoubleData(value) : tensor.addFloatData((float) value))
                .build();
    }

    /** The value of a floating-point tensor of one element; null for other tensors. */
    public static @Nullable Double real(TensorProto tensor) {
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

    /** The values of a tensor in single precision; null for other types. */
    public static double @Nullable [] reals(TensorProto tensor) {
        if (tensor.getDataType() != DataType.FLOAT_VALUE) {
            return null;
        }
        if (tensor.getRawData().isEmpty()) {
            return tensor.getFloatDataList().stream()
                    .mapToDouble(Float::doubleValue)
                    .toArray();
        }
        FloatBuffer raw = raw(tensor).asFloatBuffer();
        double[] values = new double[raw.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = raw.get(i);
        }
        return values;
    }

    /** A vector of 64-bit integers. */
    public static TensorProto integers(String name, long... values) {
        TensorProto.Builder tensor = typed(name, DataType.INT64_VALUE).addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        return tensor.build();
    }

    /** A scalar that is a 64-bit integer. */
    public static TensorProto integer(String name, long value) {
        return typed(name, DataType.INT64_VALUE).addInt64Data(value).build();
    }

    /** The values of a tensor of 32-bit or 64-bit integers; null for other types. */
    public static long @Nullable [] integers(TensorProto tensor) {
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

    /** The sizes of a tensor's axes. */
    public static long[] dims(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** {@code tensor} with another name. */
    public static TensorProto named(TensorProto tensor, String name) {
        return tensor.getName().equals(name)
                ? tensor
                : tensor.toBuilder().setName(name).build();
    }

    private static TensorProto.Builder typed(String name, int elementType) {
        return TensorProto.newBuilder().setName(name).setDataType(elementType);
    }

    private static ByteBuffer raw(TensorProto tensor) {
        return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
