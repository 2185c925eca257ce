package io.headwater.engine.top;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.NodeProto;

/**
 * The chain of nodes from the features of a model to its output.
 *
 * @param features the feature tensor at which the chain starts
 * @param output the model output at which the chain ends
 * @param nodes the nodes in order, from the features to the output
 */
record ClassifierChain(String features, String output, List<NodeProto> nodes) {
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx");
    private static final Set<String> KNOWN = Set.of(
            "Add",
            "AveragePool",
            "Cast",
            "Conv",
            "Dropout",
            "Flatten",
            "Gather",
            "Gemm",
            "GlobalAveragePool",
            "Identity",
            "LogSoftmax",
            "LpNormalization",
            "MatMul",
            "ReduceMean",
            "Reshape",
            "Softmax",
            "Squeeze",
            "Transpose",
            "Unsqueeze");

    /**
     * The chain to the first output that is computed from the features using only operators that can form a linear
     * classifier.
     *
     * @throws TopException if there is none; with several outputs, the reason is that of the first
     */
    static ClassifierChain of(OnnxGraph graph, String features) {
        Set<String> above = above(graph, features);
        TopException why = null;
        for (String output : graph.outputs()) {
            if (above.contains(output)) {
                try {
                    return of(graph, features, output);
                } catch (TopException e) {
                    why = why == null ? e : why;
                }
            }
        }
        throw why == null
                ? new TopException("head.output-layer keep needs an output of the model above the features '" + features
                        + "', but " + graph.outputs() + " are not; choose head.output-layer new or another cut")
                : why;
    }

    private static ClassifierChain of(OnnxGraph graph, String features, String output) {
        List<NodeProto> nodes = new ArrayList<>();
        ClassifierChain chain = new ClassifierChain(features, output, nodes);
        String at = output;
        while (!at.equals(features)) {
            NodeProto node = graph.producer(at);
            if (node == null) {
                throw chain.refused("tensor '" + at + "' is between them and does not come from the features");
            }
            if (!KNOWN.contains(node.getOpType()) || !DOMAINS.contains(node.getDomain())) {
                throw chain.refused(node, "is between them");
            }
            nodes.add(0, node);
            at = data(graph, node);
        }
        return chain;
    }

    /** The input of the node that is not a constant. */
    private static String data(OnnxGraph graph, NodeProto node) {
        boolean second = node.getOpType().equals("Add")
                && ConstantMatrix.of(graph, node.getInput(0)).isPresent();
        return node.getInput(second ? 1 : 0);
    }

    private static Set<String> above(OnnxGraph graph, String features) {
        Set<String> above = new HashSet<>(Set.of(features));
        for (int i = 0; i < graph.nodes().size(); i++) {
            if (graph.readsAt(i).stream().anyMatch(above::contains)) {
                above.addAll(graph.nodes().get(i).getOutputList());
            }
        }
        above.remove(features);
        return above;
    }

    /** Creates an exception that tells why the output layer cannot be kept. */
    TopException refused(String why) {
        return new TopException("head.output-layer keep needs one linear layer alone between the features '" + features
                + "', pooled as the manifest says, and the output '" + output + "', but " + why
                + "; choose head.output-layer new or another cut");
    }

    /** Creates an exception that tells why {@code node} prevents the output layer from being kept. */
    TopException refused(NodeProto node, String why) {
        String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
        return refused("node '" + name + "' (" + node.getOpType() + ") " + why);
    }
}
