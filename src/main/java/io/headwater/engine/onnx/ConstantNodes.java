package io.headwater.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * The values of {@code Constant} nodes, whichever attribute holds them; string and sparse constants are not supported.
 */
final class ConstantNodes {
    private ConstantNodes() {}

    static Optional<TensorProto> value(NodeProto node) {
        if (!node.getOpType().equals("Constant") || node.getOutputCount() != 1 || node.getAttributeCount() != 1) {
            return Optional.empty();
        }
        AttributeProto attribute = node.getAttribute(0);
        return switch (attribute.getName()) {
            case "value" -> attribute.hasT() ? Optional.of(attribute.getT()) : Optional.empty();
            case "value_float" -> Optional.of(floats(List.of(attribute.getF())).build());
            case "value_floats" -> Optional.of(vector(floats(attribute.getFloatsList()), attribute.getFloatsCount()));
            case "value_int" -> Optional.of(longs(List.of(attribute.getI())).build());
            case "value_ints" -> Optional.of(vector(longs(attribute.getIntsList()), attribute.getIntsCount()));
            default -> Optional.empty();
        };
    }

    private static TensorProto vector(TensorProto.Builder values, int length) {
        return values.addDims(length).build();
    }

    private static TensorProto.Builder floats(List<Float> values) {
        ByteBuffer raw = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(raw::putFloat);
        return tensor(ElementType.FLOAT, raw);
    }

    private static TensorProto.Builder longs(List<Long> values) {
        ByteBuffer raw = ByteBuffer.allocate(values.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(raw::putLong);
        return tensor(ElementType.INT64, raw);
    }

    private static TensorProto.Builder tensor(ElementType type, ByteBuffer raw) {
        return TensorProto.newBuilder().setDataType(type.code()).setRawData(ByteString.copyFrom(raw.flip()));
    }
}
