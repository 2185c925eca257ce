package io.headwater.engine.top;

import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.OperatorSetIdProto;

/**
 * A segment with an output layer. The inputs of its graph are the tensors of the cut, the side inputs, {@link
 * #POSITIONS} if the features are pooled over tokens, {@link #DROPOUT} if dropout is used, and the parameters.
 *
 * @param graph the graph that computes {@link #LOGITS}; its initializers are not trained
 * @param opsets version of the operator set by domain
 * @param parameters the parameters that are inputs, by name: the trained ones, including the output layer's {@link
 *     #WEIGHTS} and {@link #BIAS}, and running statistics that are updated in training
 * @param width number of features before the output layer
 */
public record TopGraph(GraphProto graph, Map<String, Integer> opsets, Map<String, Parameter> parameters, int width) {
    /** The result: a row of logits for each sample, or for each of its positions, [rows, outputs]. */
    public static final String LOGITS = "top/logits";
    /** Input: the weight of each token in the features of its sample, [batch, 1, tokens]. */
    public static final String POSITIONS = "top/positions";
    /** Input: the dropout factor by which each feature is multiplied, [batch, width]. */
    public static final String DROPOUT = "top/dropout";
    /** The output layer's weights, [inputs, classes]. */
    public static final String WEIGHTS = "output/W";
    /** The output layer's bias, [classes]. */
    public static final String BIAS = "output/b";
    /** The hidden layer's weights, [features, hidden]. */
    public static final String HIDDEN_WEIGHTS = "hidden/W";
    /** The hidden layer's bias, [hidden]. */
    public static final String HIDDEN_BIAS = "hidden/b";

    private static final int IR_VERSION = 8;

    public TopGraph {
        opsets = Map.copyOf(opsets);
        parameters = Map.copyOf(parameters);
    }

    /** A graph as a model with these operator sets. */
    public ModelProto model(GraphProto some) {
        return model(some, opsets);
    }

    /**
     * Whether a parameter is the first factor of a low-rank update, which is initialised randomly; the second starts at
     * zero.
     */
    public static boolean isFirstFactor(String parameter) {
        return LowRank.isDown(parameter);
    }

    static ModelProto model(GraphProto graph, Map<String, Integer> opsets) {
        ModelProto.Builder model =
                ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(graph);
        opsets.forEach((domain, version) -> model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
        return model.build();
    }
}
