package io.headwater.engine.gradient;

import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.Tensors;
import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

/** Static knowledge about the tensors of a forward pass: shapes, element types and the values of constants. */
final class Values {
    private final Forward forward;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Integer> types = new HashMap<>();

    Values(Forward forward) {
        this.forward = forward;
        forward.graph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        forward.graph().getInputList().forEach(this::addType);
        forward.graph().getValueInfoList().forEach(this::addType);
        for (NodeProto node : forward.graph().getNodeList()) {
            if (node.getOpType().equals("Cast")) {
                Attributes.find(node, "to").ifPresent(to -> types.put(node.getOutput(0), (int) to.getI()));
            }
            if (node.getOpType().equals("Constant")) {
                node.getAttributeList().stream()
                        .filter(AttributeProto::hasT)
                        .forEach(value -> constants.put(node.getOutput(0), value.getT()));
            }
        }
    }

    private void addType(ValueInfoProto value) {
        types.put(value.getName(), value.getType().getTensorType().getElemType());
    }

    int elementType() {
        return forward.elementType();
    }

    /** The element type of a tensor: that of the forward pass unless the graph declares another. */
    int type(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? types.getOrDefault(tensor, forward.elementType()) : constant.getDataType();
    }

    long[] shape(String tensor) {
        long[] shape = forward.shapes().get(tensor);
        if (shape != null) {
            return shape;
        }
        TensorProto constant = constants.get(tensor);
        if (constant != null) {
            return Tensors.dims(constant);
        }
        throw new IllegalArgumentException("the shape of tensor '" + tensor + "' must be known, but is not");
    }

    /** The constant with this name; null if there is none. */
    @Nullable
    TensorProto constant(String tensor) {
        return constants.get(tensor);
    }

    long @Nullable [] integers(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? null : Tensors.integers(constant);
    }

    double @Nullable [] reals(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? null : Tensors.reals(constant);
    }

    @Nullable
    Double real(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? null : Tensors.real(constant);
    }
}
