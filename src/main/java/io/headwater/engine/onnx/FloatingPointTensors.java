package io.headwater.engine.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.jspecify.annotations.Nullable;

/**
 * Determines which tensors hold floating-point numbers: by the declaration in the model, otherwise by the operator,
 * otherwise by whether any input does (which is right for all operators of opset 26 and com.microsoft that are not
 * listed here).
 */
final class FloatingPointTensors {
    private static final Set<String> INTEGERS = Set.of(
            "Shape",
            "Size",
            "ArgMax",
            "ArgMin",
            "NonZero",
            "Equal",
            "Less",
            "LessOrEqual",
            "Greater",
            "GreaterOrEqual",
            "And",
            "Or",
            "Xor",
            "Not",
            "IsNaN",
            "IsInf",
            "MatMulInteger",
            "ConvInteger",
            "StringConcat",
            "RegexFullMatch");
    private static final Set<String> FLOATS = Set.of(
            "DequantizeLinear",
            "DequantizeBFP",
            "RandomNormal",
            "RandomUniform",
            "HannWindow",
            "HammingWindow",
            "BlackmanWindow");
    private static final Set<String> FIRST_OUTPUT_ONLY = Set.of("TopK", "MaxPool", "Dropout", "Unique");

    private final Set<String> floats = new HashSet<>();
    private final Map<String, Boolean> declared = new HashMap<>();

    private FloatingPointTensors() {}

    static Set<String> of(OnnxGraph graph) {
        FloatingPointTensors types = new FloatingPointTensors();
        graph.proto().getValueInfoList().forEach(types::declare);
        graph.proto().getInputList().forEach(types::declare);
        graph.proto().getOutputList().forEach(types::declare);
        types.declared.forEach((name, isFloat) -> types.mark(name, isFloat));
        for (TensorProto weight : graph.initializers()) {
            types.mark(weight.getName(), isFloat(weight.getDataType()));
        }
        graph.nodes().forEach(types::infer);
        graph.nodes().forEach(types::unmarkIndices);
        return types.floats;
    }

    private void declare(ValueInfoProto value) {
        int type = value.getType().getTensorType().getElemType();
        if (type != 0) {
            declared.put(value.getName(), isFloat(type));
        }
    }

    private void infer(NodeProto node) {
        for (int i = 0; i < node.getOutputCount(); i++) {
            String output = node.getOutput(i);
            mark(output, declared.getOrDefault(output, computesFloats(node, i)));
        }
    }

    private boolean computesFloats(NodeProto node, int output) {
        String type = node.getOpType();
        if (INTEGERS.contains(type)
                || DequantizedTensors.isQuantizing(node)
                || output > 0 && FIRST_OUTPUT_ONLY.contains(type)
                || output != 1 && type.equals("DynamicQuantizeLinear")) {
            return false;
        }
        if (FLOATS.contains(type)) {
            return true;
        }
        return switch (type) {
            case "Cast" -> isFloat((int) Attributes.integer(node, "to", 0));
            case "CastLike" -> node.getInputCount() > 1 && floats.contains(node.getInput(1));
            case "ConstantOfShape" -> !hasTensor(node) || isFloat(value(node).getDataType());
            case "Constant" ->
                ConstantNodes.value(node)
                        .map(value -> isFloat(value.getDataType()))
                        .orElse(false);
            default -> GraphScope.reads(node).stream().anyMatch(floats::contains);
        };
    }

    private static boolean hasTensor(NodeProto node) {
        return Attributes.find(node, "value").filter(AttributeProto::hasT).isPresent();
    }

    /** A tensor that is used as indices holds integers, whatever was inferred. */
    private void unmarkIndices(NodeProto node) {
        if (node.getOpType().startsWith("Gather") && node.getInputCount() > 1) {
            floats.remove(node.getInput(1));
        }
    }

    private void mark(String name, boolean isFloat) {
        if (isFloat && !name.isEmpty()) {
            floats.add(name);
        }
    }

    private static TensorProto value(NodeProto node) {
        return Attributes.find(node, "value").map(AttributeProto::getT).orElse(TensorProto.getDefaultInstance());
    }

    static boolean isFloat(int code) {
        @Nullable ElementType type = ElementType.of(code);
        return type != null && type.isFloat();
    }
}
