package io.headwater.engine.inspect;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensor of a model's features: below its classifier if it has one, else its output.
 *
 * @param text whether the model reads text
 */
record FeatureCut(OnnxGraph graph, String output, long[] shape, boolean text) {
    private static final Set<String> SOFTMAX = Set.of("Softmax", "LogSoftmax");
    private static final Set<String> DENSE = Set.of("Gemm", "MatMul");
    private static final Set<String> POOLS = Set.of("GlobalAveragePool", "AveragePool", "ReduceMean", "GlobalMaxPool");
    private static final Set<String> ACTIVATIONS = Set.of("Relu", "Clip", "LeakyRelu");
    private static final Set<String> CHANGE_NOTHING = Set.of(
            "Identity",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Cast",
            "Dropout",
            "DequantizeLinear",
            "QuantizeLinear");

    /**
     * Returns the name of the tensor of the features.
     *
     * @param cuts the cuts of the model, from the inputs to the output
     */
    String of(List<Cut> cuts) {
        if (isClassifier()) {
            for (int i = cuts.size() - 1; i >= 0; i--) {
                List<String> tensors = cuts.get(i).tensors();
                if (tensors.size() == 1 && hasLayerAbove(tensors.get(0))) {
                    return tensors.get(0);
                }
            }
        }
        return output;
    }

    private boolean isClassifier() {
        NodeProto node = below(graph.producer(output), CHANGE_NOTHING);
        if (node == null) {
            return false;
        }
        if (SOFTMAX.contains(node.getOpType())) {
            return true;
        }
        if (POOLS.contains(node.getOpType())) {
            NodeProto pooled = below(graph.producer(node.getInput(0)), ACTIVATIONS);
            return isOneVector() && pooled != null && pooled.getOpType().equals("Conv");
        }
        NodeProto dense = isBias(node) ? dense(node) : node;
        return dense != null
                && DENSE.contains(dense.getOpType())
                && (shape.length == 2 || text && shape.length == 3 && isVocabulary(shape[2]));
    }

    private @Nullable NodeProto below(@Nullable NodeProto node, Set<String> passed) {
        NodeProto at = node;
        while (at != null && passed.contains(at.getOpType()) && at.getInputCount() > 0) {
            at = graph.producer(at.getInput(0));
        }
        return at;
    }

    private boolean isBias(NodeProto node) {
        return node.getOpType().equals("Add") && dense(node) != null;
    }

    /** Returns the matrix product to which a node adds a constant. */
    private @Nullable NodeProto dense(NodeProto node) {
        for (int i = 0; i < node.getInputCount(); i++) {
            NodeProto product = graph.producer(node.getInput(i));
            boolean constant = graph.constant(node.getInput(node.getInputCount() - 1 - i)) != null;
            if (product != null && constant && DENSE.contains(product.getOpType())) {
                return product;
            }
        }
        return null;
    }

    private boolean isOneVector() {
        int wide = 0;
        for (int axis = 1; axis < shape.length; axis++) {
            wide += shape[axis] == 1 ? 0 : 1;
        }
        return wide == 1;
    }

    /** Whether an output size is that of a vocabulary: a language model has an embedding table of that length. */
    private boolean isVocabulary(long size) {
        return graph.initializers().stream()
                .anyMatch(
                        weight -> weight.getDimsCount() == 2 && weight.getDims(0) == size && weight.getDims(1) != size);
    }

    /** Whether a node between {@code tensor} and the output reads a matrix or a kernel. */
    private boolean hasLayerAbove(String tensor) {
        Set<String> seen = new HashSet<>(Set.of(tensor));
        Deque<String> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!seen.add(name)) {
                continue;
            }
            TensorProto constant = graph.constant(name);
            if (constant != null
                    && constant.getDimsList().stream().filter(n -> n > 1).count() >= 2) {
                return true;
            }
            int producer = graph.producerAt(name);
            if (producer >= 0) {
                open.addAll(graph.readsAt(producer));
            }
        }
        return false;
    }
}
