package io.headwater.engine.onnx;

import java.util.Collection;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;

/**
 * The rule that what a model computes of a sample depends on that sample alone, so that it is the same in each process
 * and in each batch.
 */
public final class Reproducible {
    private static final Set<String> RANDOM = Set.of(
            "RandomNormal",
            "RandomNormalLike",
            "RandomUniform",
            "RandomUniformLike",
            "Multinomial",
            "Bernoulli",
            "BiasDropout",
            "BitmaskDropout",
            "BitmaskBiasDropout",
            "Sampling");

    private Reproducible() {}

    /**
     * Checks nodes and their subgraphs.
     *
     * @param nodes the nodes that are needed for the features or the answers
     * @throws OnnxException if a node draws random numbers, or is in training mode
     */
    public static void check(Collection<NodeProto> nodes) {
        for (NodeProto node : nodes) {
            if (RANDOM.contains(node.getOpType())) {
                throw refused(node, "draws random numbers, which differ from process to process");
            }
            if (DropoutNodes.has(node)) {
                throw refused(
                        node, "computes its training_mode from '" + node.getInput(2) + "' and may drop random values");
            }
            if (node.getOpType().equals("BatchNormalization")
                    && GraphScope.isStandard(node)
                    && Attributes.integer(node, "training_mode", 0) != 0) {
                throw refused(
                        node,
                        "is in training mode (training_mode = 1), which normalises each sample by the others of its batch");
            }
            Subgraphs.of(node).stream().map(GraphProto::getNodeList).forEach(Reproducible::check);
        }
    }

    private static OnnxException refused(NodeProto node, String why) {
        return new OnnxException("what is computed of a sample must depend on the sample alone, but node '"
                + name(node) + "' (" + node.getOpType() + ") " + why
                + "; choose a cut that does not need this node, or export the model for inference");
    }

    private static String name(NodeProto node) {
        return node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
    }
}
