package io.headwater.engine.onnx;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/**
 * Makes the numbers behind quantised tensors available. In a model whose operators compute with integers, such as
 * {@code QLinearConv}, no tensor between its input and its output holds floating-point numbers, so that it could not be
 * cut. A node that is added for each of these tensors converts it; nothing else reads the result, so that it costs
 * nothing unless the model is cut there.
 */
public final class DequantizedTensors {
    private static final String ENDING = "_dequantized";
    private static final long FIRST_OPSET = 10;

    /** The index of the scale of the output among the inputs of an operator; the zero point follows it. */
    private static final Map<String, Integer> SCALES = Map.ofEntries(
            entry("QuantizeLinear", 1),
            entry("QLinearConv", 6),
            entry("QLinearMatMul", 6),
            entry("QLinearAdd", 6),
            entry("QLinearMul", 6),
            entry("QLinearWhere", 7),
            entry("QGemm", 7),
            entry("QLinearConcat", 0),
            entry("QLinearSigmoid", 3),
            entry("QLinearSoftmax", 3),
            entry("QLinearLeakyRelu", 3),
            entry("QLinearReduceMean", 3),
            entry("QLinearAveragePool", 3),
            entry("QLinearGlobalAveragePool", 3));

    /** Operators whose first output has the scale of their first input. */
    private static final Set<String> SAME_SCALE = Set.of(
            "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Slice", "MaxPool", "Gather", "Pad");

    private DequantizedTensors() {}

    /** The name of the tensor of numbers behind a quantised tensor. */
    public static String of(String quantized) {
        return quantized + ENDING;
    }

    /** Whether an operator computes quantised numbers, whose scale it reads. */
    static boolean isQuantizing(NodeProto node) {
        Integer scale = SCALES.get(node.getOpType());
        return scale != null && has(node, scale);
    }

    /**
     * The graph with the numbers behind all quantised tensors with one constant scale that no node converts already.
     *
     * @param graph a graph that {@link OnnxGraph} accepts
     */
    static GraphProto added(GraphProto graph, long opset) {
        if (opset < FIRST_OPSET || graph.getNodeList().stream().noneMatch(DequantizedTensors::isQuantizing)) {
            return graph;
        }
        OnnxGraph index = OnnxGraph.of(graph);
        Set<String> taken = GraphScope.defined(graph);
        List<NodeProto> more = new ArrayList<>();
        scales(index).forEach((tensor, scale) -> {
            boolean converted = index.consumers(tensor).stream()
                    .anyMatch(node -> node.getOpType().equals("DequantizeLinear"));
            if (!converted && !taken.contains(of(tensor))) {
                more.add(NodeProto.newBuilder()
                        .setOpType("DequantizeLinear")
                        .setName(of(tensor))
                        .addInput(tensor)
                        .addAllInput(scale)
                        .addOutput(of(tensor))
                        .build());
            }
        });
        return more.isEmpty() ? graph : graph.toBuilder().addAllNode(more).build();
    }

    /** Scale and zero point by quantised tensor, in the order of computation. */
    private static Map<String, List<String>> scales(OnnxGraph graph) {
        Map<String, List<String>> scales = new LinkedHashMap<>();
        for (NodeProto node : graph.nodes()) {
            String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
            if (output.isEmpty()) {
                continue;
            }
            if (isQuantizing(node)) {
                int at = SCALES.getOrDefault(node.getOpType(), 0);
                if (isOneConstant(graph, node.getInput(at))) {
                    List<String> read = new ArrayList<>(List.of(node.getInput(at)));
                    if (has(node, at + 1)) {
                        read.add(node.getInput(at + 1));
                    }
                    scales.put(output, read);
                }
            } else if (SAME_SCALE.contains(node.getOpType()) && has(node, 0)) {
                List<String> below = scales.get(node.getInput(0));
                if (below != null) {
                    scales.put(output, below);
                }
            }
        }
        return scales;
    }

    private static boolean isOneConstant(OnnxGraph graph, String name) {
        TensorProto constant = graph.constant(name);
        return constant != null && OnnxGraph.elements(constant) == 1;
    }

    private static boolean has(NodeProto node, int input) {
        return node.getInputCount() > input && !node.getInput(input).isEmpty();
    }
}
