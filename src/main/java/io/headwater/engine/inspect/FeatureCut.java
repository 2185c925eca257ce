package io.headwater.engine.inspect;

import io.headwater.engine.onnx.Cut;
import io.headwater.engine.onnx.DequantizedTensors;
import io.headwater.engine.onnx.OnnxGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import onnx.Onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tensor of a model's features: below its classifier if it has one, else its output. What follows the last
 * layer with weights, such as a softmax, a choice of the most probable class or quantisation, belongs to the classifier.
 *
 * @param output the output of the model, or the tensor that it is derived from
 * @param shapes returns the shape of a tensor, -1 for free axes; empty if it is unknown
 * @param inputs the roles of the model's inputs
 */
record FeatureCut(OnnxGraph graph, String output, Function<String, long[]> shapes, Collection<InputRole> inputs) {
    /** The largest number of values that are too few to be features. */
    private static final int FEW = 4;

    private static final Set<String> DECISIONS = Set.of(
            "Softmax",
            "LogSoftmax",
            "Hardmax",
            "Sigmoid",
            "HardSigmoid",
            "ArgMax",
            "ArgMin",
            "TopK",
            "QLinearSoftmax",
            "QLinearSigmoid");
    private static final Set<String> POOLS = Set.of(
            "GlobalAveragePool",
            "AveragePool",
            "ReduceMean",
            "GlobalMaxPool",
            "QLinearGlobalAveragePool",
            "QLinearAveragePool",
            "QLinearReduceMean");
    private static final Set<String> ACTIVATIONS = Set.of("Relu", "Clip", "LeakyRelu", "QLinearLeakyRelu");

    /** Names of outputs that are what a model decides, whatever computes them. */
    private static final Pattern DECIDED =
            Pattern.compile("(?i)action|prob|logit|polic|score|label|class|predict|q_?val");

    private static final Pattern NO_DECISION = Pattern.compile("(?i)embed|feature|hidden|pool");

    /**
     * Returns tensors that can be the features, the best first, and finally the output. One of them may turn out not to
     * be usable when the model runs.
     *
     * @param cuts the cuts of the model, from the inputs to the output
     */
    List<String> candidates(List<Cut> cuts) {
        LastLayer layers = new LastLayer(graph);
        boolean classifier = isClassifier(layers);
        Set<String> candidates = new LinkedHashSet<>();
        List<String> few = new ArrayList<>();
        if (!classifier) {
            candidates.add(output);
        } else {
            numbersBelow(layers, candidates);
        }
        NodeProto action = action(layers);
        for (int i = cuts.size() - 1; i >= 0; i--) {
            List<String> tensors = cuts.get(i).tensors();
            if (tensors.size() == 1
                    && (!classifier || layers.isBetween(tensors.get(0), output))
                    && (action == null || layers.isBetween(tensors.get(0), action, output))) {
                (classifier && isFew(tensors.get(0)) ? few : candidates).add(tensors.get(0));
            }
        }
        candidates.addAll(few);
        candidates.add(output);
        return List.copyOf(candidates);
    }

    /** Adds the numbers behind the quantised tensor that the classifier reads, if it reads one. */
    private void numbersBelow(LastLayer layers, Set<String> candidates) {
        NodeProto decision = layers.below(output);
        NodeProto layer = decision != null && DECISIONS.contains(decision.getOpType())
                ? layers.of(decision.getInput(0))
                : pooledOrDense(layers);
        if (layer != null) {
            layer.getInputList().stream()
                    .map(DequantizedTensors::of)
                    .filter(numbers -> graph.producer(numbers) != null)
                    .forEach(candidates::add);
        }
    }

    private boolean isClassifier(LastLayer layers) {
        NodeProto node = layers.below(output);
        if (node == null) {
            return false;
        }
        boolean embeds = NO_DECISION.matcher(output).find();
        boolean named = DECIDED.matcher(output).find() || isFew(output);
        if (isDecision(node, layers) || named && !embeds || action(layers) != null) {
            return true;
        }
        NodeProto pooled = pooled(layers);
        if (pooled != null) {
            return isOneVector();
        }
        long[] shape = shapes.apply(output);
        NodeProto layer = layers.of(output);
        return layer != null
                && LastLayer.isProduct(layer)
                && (shape.length == 2 || inputs.contains(InputRole.IDS) && shape.length == 3 && isVocabulary(shape[2]));
    }

    /**
     * Whether at most {@link #FEW} values are left of a sample once its positions are pooled, as of a probability for each
     * frame, or of a picture: what a model computes, but no description of its input.
     */
    private boolean isFew(String tensor) {
        long[] shape = shapes.apply(tensor);
        if (shape.length == 4 && inputs.contains(InputRole.IMAGE) && shape[2] != 1) {
            return isFew(shape[1]) || isFew(shape[3]);
        }
        return shape.length > 1
                && isFew(shape[shape.length - 1])
                && (shape.length == 3
                        || Arrays.stream(shape).skip(1).allMatch(n -> n == 1 || n == shape[shape.length - 1]));
    }

    private static boolean isFew(long values) {
        return values > 0 && values <= FEW;
    }

    /** Whether a node decides, or averages what another one has decided, as detectors do over the frames of a sound. */
    private static boolean isDecision(NodeProto node, LastLayer layers) {
        NodeProto pooled = POOLS.contains(node.getOpType()) ? layers.below(node.getInput(0)) : null;
        return DECISIONS.contains(node.getOpType()) || pooled != null && DECISIONS.contains(pooled.getOpType());
    }

    /**
     * Returns the layer of an actor whose few numbers are bounded by a hyperbolic tangent; null if there is none. A pooled sentence
     * is bounded as well, but is as wide as what it is computed from.
     */
    private @Nullable NodeProto action(LastLayer layers) {
        NodeProto node = layers.below(output);
        if (node == null
                || !node.getOpType().equals("Tanh")
                || NO_DECISION.matcher(output).find()) {
            return null;
        }
        NodeProto layer = layers.of(node.getInput(0));
        return layer != null && LastLayer.isProduct(layer) && layers.isNarrow(layer) ? layer : null;
    }

    private @Nullable NodeProto pooledOrDense(LastLayer layers) {
        NodeProto pooled = pooled(layers);
        return pooled == null ? layers.of(output) : pooled;
    }

    /** Returns the convolution whose maps are pooled at the output; null if there is none. */
    private @Nullable NodeProto pooled(LastLayer layers) {
        NodeProto node = layers.below(output);
        if (node == null || !POOLS.contains(node.getOpType())) {
            return null;
        }
        NodeProto below = layers.below(node.getInput(0));
        List<NodeProto> passed = new ArrayList<>();
        while (below != null && ACTIVATIONS.contains(below.getOpType()) && !passed.contains(below)) {
            passed.add(below);
            below = layers.below(below.getInput(0));
        }
        return below != null && LastLayer.isConvolution(below) ? below : null;
    }

    private boolean isOneVector() {
        long[] shape = shapes.apply(output);
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
}
