package io.headwater.engine.gradient;

import java.util.HashMap;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/** What is known of the tensors of a forward pass before it runs: shapes, and the values of constants. */
final class Values {
    private final Forward forward;
    private final Map<String, TensorProto> constants = new HashMap<>();

    Values(Forward forward) {
        this.forward = forward;
        forward.graph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        for (NodeProto node : forward.graph().getNodeList()) {
            if (node.getOpType().equals("Constant")) {
                node.getAttributeList().stream()
                        .filter(AttributeProto::hasT)
                        .forEach(value -> constants.put(node.getOutput(0), value.getT()));
            }
        }
    }

    int elementType() {
        return forward.elementType();
    }

    long[] shape(String tensor) {
        long[] shape = forward.shapes().get(tensor);
        if (shape != null) {
            return shape;
        }
        TensorProto constant = constants.get(tensor);
        if (constant != null) {
            return constant.getDimsList().stream().mapToLong(Long::longValue).toArray();
        }
        throw new IllegalArgumentException("the shape of tensor '" + tensor + "' must be known, but is not");
    }

    /** The constant by that name; null when there is none. */
    @Nullable
    TensorProto constant(String tensor) {
        return constants.get(tensor);
    }

    long @Nullable [] integers(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? null : Tensors.integers(constant);
    }

    @Nullable
    Double real(String tensor) {
        TensorProto constant = constants.get(tensor);
        return constant == null ? null : Tensors.real(constant);
    }
}
