package io.headwater.engine.inspect;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.HashSet;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Finds layers with weights, in floating-point numbers or quantised.
 *
 * @param graph the graph of the model
 */
record LastLayer(OnnxGraph graph) {
    private static final Set<String> PRODUCTS = Set.of(
            "Gemm",
            "MatMul",
            "FusedGemm",
            "FusedMatMul",
            "TransposeMatMul",
            "MatMulNBits",
            "QGemm",
            "QLinearMatMul",
            "MatMulInteger",
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul");
    private static final Set<String> CONVOLUTIONS =
            Set.of("Conv", "ConvTranspose", "FusedConv", "NhwcFusedConv", "QLinearConv", "ConvInteger");

    /** Operators that pass their first input on in another form or precision. */
    private static final Set<String> FORMS = Set.of(
            "Identity",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Cast",
            "Dropout",
            "Expand",
            "Transpose",
            "DequantizeLinear",
            "QuantizeLinear",
            "DynamicQuantizeLinear");

    /** Operators that add or multiply by a constant, such as a bias, a temperature or the scale of an integer product. */
    private static final Set<String> WITH_CONSTANT = Set.of("Add", "Sub", "Mul", "Div", "QLinearAdd", "QLinearMul");

    private static final int NARROW = 4;

    static boolean isProduct(NodeProto node) {
        return PRODUCTS.contains(node.getOpType());
    }

    static boolean isConvolution(NodeProto node) {
        return CONVOLUTIONS.contains(node.getOpType());
    }

    /** The node below {@code tensor} that does more than give its input another form; null if there is none. */
    @Nullable
    NodeProto below(String tensor) {
        NodeProto at = graph.producer(tensor);
        while (at != null && FORMS.contains(at.getOpType()) && at.getInputCount() > 0) {
            at = graph.producer(at.getInput(0));
        }
        return at;
    }

    /**
     * The product or convolution with weights that computes {@code tensor}, apart from its form, constants that are
     * added and scales; null if another node computes it.
     */
    @Nullable
    NodeProto of(String tensor) {
        NodeProto node = below(tensor);
        Set<NodeProto> seen = new HashSet<>();
        while (node != null && seen.add(node)) {
            if (isLayer(node)) {
                return node;
            }
            if (!WITH_CONSTANT.contains(node.getOpType())) {
                return null;
            }
            node = operand(node);
        }
        return null;
    }

    /** The node below the one operand that is not constant; scales that are computed beside an integer product count as constant. */
    private @Nullable NodeProto operand(NodeProto node) {
        NodeProto found = null;
        for (String input : node.getInputList()) {
            NodeProto below = graph.constant(input) == null ? below(input) : null;
            if (below == null || isScale(below)) {
                continue;
            }
            if (found != null) {
                return null;
            }
            found = below;
        }
        return found;
    }

    /** Whether a node computes the scale of an integer product: from scales alone, of which one may depend on the sample. */
    private boolean isScale(NodeProto node) {
        return node.getOpType().equals("Mul")
                && node.getInputList().stream()
                        .allMatch(
                                input -> graph.constant(input) != null || isDynamicScale(graph.producer(input), input));
    }

    private static boolean isDynamicScale(@Nullable NodeProto producer, String tensor) {
        return producer != null
                && producer.getOpType().equals("DynamicQuantizeLinear")
                && producer.getOutputCount() > 1
                && producer.getOutput(1).equals(tensor);
    }

    /** Whether a node multiplies by weights. */
    boolean isLayer(NodeProto node) {
        return (isProduct(node) || isConvolution(node))
                && node.getInputList().stream().anyMatch(this::isWeight);
    }

    /** Whether a product has at most a quarter as many outputs as inputs, or the other way round. */
    boolean isNarrow(NodeProto product) {
        return product.getInputList().stream()
                .map(graph::constant)
                .anyMatch(weight -> weight != null
                        && weight.getDimsCount() == 2
                        && Math.min(weight.getDims(0), weight.getDims(1)) * NARROW
                                <= Math.max(weight.getDims(0), weight.getDims(1)));
    }

    /** Whether a tensor is a constant of at least two axes, possibly in another form. */
    private boolean isWeight(String tensor) {
        String at = tensor;
        Set<String> seen = new HashSet<>();
        while (seen.add(at)) {
            TensorProto constant = graph.constant(at);
            if (constant != null) {
                return constant.getDimsCount() > 1 && OnnxGraph.elements(constant) > 1;
            }
            NodeProto producer = graph.producer(at);
            if (producer != null && producer.getOpType().equals("ConstantOfShape")) {
                return graph.constant(producer.getInput(0)) != null;
            }
            if (producer == null || !FORMS.contains(producer.getOpType()) || producer.getInputCount() == 0) {
                return false;
            }
            at = producer.getInput(0);
        }
        return false;
    }

    /** Whether {@code layer} is between {@code tensor} and {@code output}. */
    boolean isBetween(String tensor, NodeProto layer, String output) {
        return graph.needs(output, Set.of(tensor)).contains(layer.getOutput(0));
    }

    /** Whether a node between {@code tensor} and {@code output} reads weights. */
    boolean isBetween(String tensor, String output) {
        return graph.needs(output, Set.of(tensor)).stream().anyMatch(name -> {
            TensorProto constant = graph.constant(name);
            int producer = graph.producerAt(name);
            return (constant != null
                            && constant.getDimsList().stream()
                                            .filter(n -> n > 1)
                                            .count()
                                    >= 2)
                    || (producer >= 0 && isLayer(graph.nodes().get(producer)));
        });
    }
}
