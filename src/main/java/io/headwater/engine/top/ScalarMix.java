package io.headwater.engine.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/**
 * A weighted sum of tensors h of the same shape whose weights learn: gamma * sum_j softmax(s)_j h_j (Peters et al., "Deep
 * contextualized word representations", 2018, equation 1). The sum is written as nodes and an initializer of the model, so
 * that it is part of the top like any other, in training as in an export. Gamma scales the features of a sample: pooling is
 * linear, so that is the same, and features of length 1 would undo what was scaled before them.
 */
public final class ScalarMix {
    /** The sum before gamma, of the shape of each tensor. */
    public static final String OUTPUT = "top/mix";
    /** Parameter s: what softmax makes the share of each tensor of, in their order, [tensors]; 0 before it has learned. */
    public static final String SCORES = "mix/s";
    /** Parameter gamma: what the features are multiplied by, [1]; 1 before it has learned. */
    public static final String SCALE = "mix/gamma";

    private ScalarMix() {}

    /**
     * {@code model} with the sum of {@code tensors}, {@link #OUTPUT}, as it is before it has learned.
     *
     * @param tensors that nodes of the model compute; with none the model stays as it is
     */
    public static ModelProto appended(ModelProto model, List<String> tensors) {
        if (tensors.isEmpty()) {
            return model;
        }
        NodeWriter writer = new NodeWriter();
        String scores = writer.reals(SCORES, new float[tensors.size()], tensors.size());
        // Of a vector over axis 0 it is the same in all operator sets.
        String shares = writer.node("Softmax", OUTPUT + "/shares", List.of(Protos.attribute("axis", 0)), scores);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            String part = OUTPUT + "/" + i;
            String index = writer.integers(part + "/index", i);
            String share = writer.node("Gather", part + "/share", List.of(Protos.attribute("axis", 0)), shares, index);
            parts.add(writer.node("Mul", part, tensors.get(i), share));
        }
        writer.node("Sum", OUTPUT, parts.toArray(String[]::new));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.addAllNode(writer.nodes()).addAllInitializer(writer.constants().values());
        return model.toBuilder().setGraph(graph).build();
    }

    /**
     * Its parameters in {@code segment}; none when that does not end in a mix. They are the task's own: they learn with the
     * output layer, whatever of the base model does.
     */
    static Map<String, Parameter> parameters(Segment segment) {
        TensorProto scores = segment.initializers().get(SCORES);
        if (scores == null || !segment.output().equals(OUTPUT)) {
            return Map.of();
        }
        TensorProto one = Protos.floats(SCALE, new float[] {1}, 1);
        return Map.of(
                SCORES, new Parameter(Protos.dims(scores), scores, 0, ParameterRole.SCALE),
                SCALE, new Parameter(Protos.dims(one), one, 0, ParameterRole.SCALE));
    }
}
