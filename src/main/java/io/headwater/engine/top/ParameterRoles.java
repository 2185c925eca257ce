package io.headwater.engine.top;

import io.headwater.engine.onnx.OnnxGraph;
import io.headwater.engine.onnx.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Determines which initializers are parameters from the operators that read them. Tables that are sliced, masks,
 * epsilons and running statistics are not parameters.
 */
final class ParameterRoles {
    /** Operators that pass a tensor on in another form. */
    private static final Set<String> FORMS =
            Set.of("Identity", "Cast", "Transpose", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Expand");

    /** Values at or below this limit occur in additive masks, but not in biases. */
    private static final float OUT_OF_REACH = -1e4f;

    private final OnnxGraph graph;

    private ParameterRoles(OnnxGraph graph) {
        this.graph = graph;
    }

    /**
     * The parameters that {@code nodes} read, in order, each with the role given by its first reader that determines
     * one.
     */
    static Map<String, ParameterRole> of(OnnxGraph graph, List<NodeProto> nodes) {
        ParameterRoles roles = new ParameterRoles(graph);
        Map<String, ParameterRole> found = new LinkedHashMap<>();
        Map<String, String> forms = new LinkedHashMap<>();
        for (NodeProto node : nodes) {
            for (int i = 0; i < node.getInputCount(); i++) {
                String source = forms.getOrDefault(node.getInput(i), node.getInput(i));
                if (!roles.isParameter(source)) {
                    continue;
                }
                if (isForm(node, i)) {
                    forms.put(node.getOutput(0), source);
                    continue;
                }
                ParameterRole role = role(node, i);
                if (role != null && !isMask(Objects.requireNonNull(graph.initializer(source)), role)) {
                    found.putIfAbsent(source, role);
                }
            }
        }
        return found;
    }

    private boolean isParameter(String name) {
        TensorProto tensor = graph.initializer(name);
        return tensor != null && isParameter(tensor);
    }

    /** Whether a constant is a parameter if a node reads it as one. */
    static boolean isParameter(TensorProto constant) {
        return isFloat(constant.getDataType()) && OnnxGraph.elements(constant) > 1;
    }

    /** Whether a node passes the input with this index on in another form. */
    static boolean isForm(NodeProto node, int input) {
        return input == 0 && FORMS.contains(node.getOpType());
    }

    /**
     * Whether a tensor of several axes is a mask: it either adds 0 or a large negative number, or multiplies by 1 or 0.
     */
    static boolean isMask(TensorProto tensor, ParameterRole role) {
        if (tensor.getDimsCount() < 2 || role == ParameterRole.WEIGHT) {
            return false;
        }
        float through = role == ParameterRole.BIAS ? 0 : 1;
        boolean some = false;
        for (double value : Objects.requireNonNull(Tensors.reals(Widening.of(tensor)))) {
            boolean stopped = role == ParameterRole.BIAS ? value <= OUT_OF_REACH : value == 0;
            if (!stopped && value != through) {
                return false;
            }
            some |= stopped;
        }
        return some;
    }

    private static boolean isFloat(int type) {
        return type == DataType.FLOAT_VALUE || type == DataType.FLOAT16_VALUE;
    }

    /** What a parameter is to the node that reads it at this input; null if it is none there. */
    static @Nullable ParameterRole role(NodeProto node, int input) {
        return switch (node.getOpType()) {
            case "Conv", "ConvTranspose", "Gemm" -> input == 2 ? ParameterRole.BIAS : ParameterRole.WEIGHT;
            case "MatMul", "FusedMatMul", "Einsum" -> ParameterRole.WEIGHT;
            case "Gather" -> input == 0 ? ParameterRole.WEIGHT : null;
            case "Add", "Sub", "Sum" -> ParameterRole.BIAS;
            case "Mul", "Div" -> ParameterRole.SCALE;
            case "PRelu" -> input == 1 ? ParameterRole.SCALE : null;
            case "BatchNormalization", "InstanceNormalization", "GroupNormalization", "LayerNormalization" ->
                scaleAndBias(input, 1, 2);
            case "SimplifiedLayerNormalization", "RMSNormalization" -> scaleAndBias(input, 1, -1);
            case "SkipSimplifiedLayerNormalization" -> scaleAndBias(input, 2, 3);
            case "SkipLayerNormalization" -> input == 4 ? ParameterRole.BIAS : scaleAndBias(input, 2, 3);
            case "FastGelu", "BiasGelu" -> input == 1 ? ParameterRole.BIAS : null;
            case "Attention" -> input == 1 ? ParameterRole.WEIGHT : input == 2 ? ParameterRole.BIAS : null;
            case "LSTM", "GRU", "RNN" ->
                input == 1 || input == 2 ? ParameterRole.WEIGHT : input == 3 ? ParameterRole.BIAS : null;
            default -> null;
        };
    }

    private static @Nullable ParameterRole scaleAndBias(int input, int scale, int bias) {
        return input == scale ? ParameterRole.SCALE : input == bias ? ParameterRole.BIAS : null;
    }
}
