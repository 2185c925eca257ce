package io.headwater.engine.top;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;

/**
 * Divides nodes of ONNX Runtime's own operators that compute a product or a convolution together with the activation
 * after it, as ONNX Runtime writes them into optimised files, into standard nodes, for which there are gradients.
 */
final class FusedNodes {
    private static final String BEFORE = "/before-activation";
    private static final String ADDED = "/added";
    private static final int SUMMAND = 3;

    /** The activations and the names of their attributes, in the order of {@code activation_params}. */
    private static final Map<String, List<String>> ACTIVATIONS = Map.of(
            "Relu", List.of(),
            "Tanh", List.of(),
            "Sigmoid", List.of(),
            "LeakyRelu", List.of("alpha"),
            "HardSigmoid", List.of("alpha", "beta"));

    private static final Set<String> OF_ACTIVATION =
            Set.of("activation", "activation_alpha", "activation_beta", "activation_gamma", "activation_params");

    private FusedNodes() {}

    /** The nodes that together compute what {@code node} computes: itself, unless it is fused with a known activation. */
    static List<NodeProto> of(NodeProto node) {
        String type = node.getOpType();
        boolean gemm = type.equals("FusedGemm");
        if (!gemm && !type.equals("FusedConv")) {
            return List.of(node);
        }
        String activation = Attributes.text(node, "activation", "");
        List<String> names = ACTIVATIONS.get(activation);
        if (names == null && !activation.isEmpty()) {
            return List.of(node);
        }
        String output = node.getOutput(0);
        List<NodeProto> nodes = new ArrayList<>();
        int inputs = Math.min(node.getInputCount(), SUMMAND);
        NodeProto.Builder product = node.toBuilder()
                .setDomain("")
                .setOpType(gemm ? "Gemm" : "Conv")
                .clearInput()
                .addAllInput(node.getInputList().subList(0, inputs))
                .clearAttribute();
        node.getAttributeList().stream()
                .filter(each -> !OF_ACTIVATION.contains(each.getName()))
                .forEach(product::addAttribute);
        boolean adds = node.getInputCount() > SUMMAND && !node.getInput(SUMMAND).isEmpty();
        boolean activates = names != null;
        String last = output + BEFORE;
        nodes.add(product.setName(node.getName() + BEFORE)
                .setOutput(0, adds || activates ? last : output)
                .build());
        if (adds) {
            String sum = activates ? output + ADDED : output;
            nodes.add(node("Add", List.of(last, node.getInput(SUMMAND)), sum, List.of()));
            last = sum;
        }
        if (names != null) {
            nodes.add(node(activation, List.of(last), output, parameters(node, names)));
        }
        return nodes;
    }

    private static List<AttributeProto> parameters(NodeProto node, List<String> names) {
        List<Float> params = Attributes.find(node, "activation_params")
                .map(AttributeProto::getFloatsList)
                .orElse(List.of());
        List<AttributeProto> parameters = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (i < params.size()) {
                parameters.add(attribute(name, (float) params.get(i)));
            } else {
                Attributes.find(node, "activation_" + name)
                        .ifPresent(given -> parameters.add(attribute(name, given.getF())));
            }
        }
        return parameters;
    }

    private static NodeProto node(String type, List<String> inputs, String output, List<AttributeProto> attributes) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(attributes)
                .build();
    }
}
