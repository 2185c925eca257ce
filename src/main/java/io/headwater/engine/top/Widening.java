package io.headwater.engine.top;

import io.headwater.engine.weights.Half;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Converts a graph from half precision to single precision, so that small updates are not lost (Micikevicius et al.,
 * "Mixed precision training", 2018).
 */
final class Widening {
    private Widening() {}

    /** A tensor with its halves converted to floats; other tensors are returned unchanged. */
    static TensorProto of(TensorProto tensor) {
        if (tensor.getDataType() != DataType.FLOAT16_VALUE) {
            return tensor;
        }
        TensorProto.Builder wide =
                tensor.toBuilder().setDataType(DataType.FLOAT_VALUE).clearInt32Data();
        if (tensor.getRawData().isEmpty()) {
            tensor.getInt32DataList().forEach(bits -> wide.addFloatData(Half.widen(bits.shortValue())));
            return wide.build();
        }
        ByteBuffer halves = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer floats = ByteBuffer.allocate(2 * halves.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        while (halves.hasRemaining()) {
            floats.putFloat(Half.widen(halves.getShort()));
        }
        return wide.setRawData(ByteString.copyFrom(floats.flip())).build();
    }

    /** An input in single precision if it is declared in half precision; other inputs are returned unchanged. */
    static ValueInfoProto of(ValueInfoProto input) {
        if (!isHalf(input)) {
            return input;
        }
        ValueInfoProto.Builder wide = input.toBuilder();
        wide.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
        return wide.build();
    }

    /** Whether an input is declared in half precision. */
    static boolean isHalf(ValueInfoProto input) {
        return input.getType().getTensorType().getElemType() == DataType.FLOAT16_VALUE;
    }

    /** A node with its constants and casts converted from half to single precision. */
    static NodeProto of(NodeProto node) {
        boolean cast = node.getOpType().equals("Cast");
        NodeProto.Builder wide = node.toBuilder();
        for (AttributeProto.Builder attribute : wide.getAttributeBuilderList()) {
            if (attribute.hasT()) {
                attribute.setT(of(attribute.getT()));
            }
            if (cast && attribute.getName().equals("to") && attribute.getI() == DataType.FLOAT16_VALUE) {
                attribute.setI(DataType.FLOAT_VALUE);
            }
        }
        return wide.build();
    }
}
