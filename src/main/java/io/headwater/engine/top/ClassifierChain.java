package io.headwater.engine.top;

import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.NodeProto;

/**
 * The nodes one after another between the features of a model and its output.
 *
 * @param features the tensor below
 * @param output of the model
 * @param nodes from the features up
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
     * The way to the first output that the features reach through what a linear classifier may be made of.
     *
     * @throws TopException when there is none; of several outputs the first says why
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

    /** The input that is not a constant. */
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

    /** Why the output layer cannot be kept. */
    TopException refused(String why) {
        return new TopException("head.output-layer keep needs one linear layer alone between the features '" + features
                + "', pooled as the manifest says, and the output '" + output + "', but " + why
                + "; choose head.output-layer new or another cut");
    }

    /** Why the output layer cannot be kept because of {@code node}. */
    TopException refused(NodeProto node, String why) {
        String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
        return refused("node '" + name + "' (" + node.getOpType() + ") " + why);
    }
}
