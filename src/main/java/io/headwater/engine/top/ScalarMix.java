package io.headwater.engine.top;

import static io.headwater.engine.onnx.Attributes.attribute;

import io.headwater.engine.onnx.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;

/**
 * A weighted sum of tensors h of the same shape with trainable weights: gamma * sum_j softmax(s)_j h_j (Peters et al.,
 * "Deep contextualized word representations", 2018, equation 1). The sum is written as nodes and an initializer of the
 * model, so that it is an ordinary part of the top in training and in an export. Gamma multiplies the pooled features
 * of a sample instead of the sum: this is equivalent, as pooling is linear, and normalisation to length 1 would undo a
 * scale that was applied before it.
 */
public final class ScalarMix {
    /** The name of the sum before the multiplication by gamma; it has the shape of each tensor. */
    public static final String OUTPUT = "top/mix";
    /** Parameter s: the scores from which softmax computes the weight of each tensor, [tensors]; initially 0. */
    public static final String SCORES = "mix/s";
    /** Parameter gamma: the factor by which the features are multiplied, [1]; initially 1. */
    public static final String SCALE = "mix/gamma";

    private ScalarMix() {}

    /**
     * {@code model} with the untrained weighted sum of {@code tensors}, {@link #OUTPUT}, appended.
     *
     * @param tensors tensors that nodes of the model compute; if empty, the model is returned unchanged
     */
    public static ModelProto appended(ModelProto model, List<String> tensors) {
        if (tensors.isEmpty()) {
            return model;
        }
        NodeWriter writer = new NodeWriter();
        String scores = writer.reals(SCORES, new float[tensors.size()], tensors.size());
        // The softmax of a vector over axis 0 is the same in all operator sets.
        String shares = writer.node("Softmax", OUTPUT + "/shares", List.of(attribute("axis", 0)), scores);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            String part = OUTPUT + "/" + i;
            String index = writer.integers(part + "/index", i);
            String share = writer.node("Gather", part + "/share", List.of(attribute("axis", 0)), shares, index);
            parts.add(writer.node("Mul", part, tensors.get(i), share));
        }
        writer.node("Sum", OUTPUT, parts.toArray(String[]::new));
        GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.addAllNode(writer.nodes()).addAllInitializer(writer.constants().values());
        return model.toBuilder().setGraph(graph).build();
    }

    /**
     * The parameters of the mix in {@code segment}; empty if the segment does not end in a mix. They belong to the
     * task: they are trained with the output layer, whichever parameters of the base model are trained.
     */
    static Map<String, Parameter> parameters(Segment segment) {
        TensorProto scores = segment.initializers().get(SCORES);
        if (scores == null || !segment.output().equals(OUTPUT)) {
            return Map.of();
        }
        TensorProto one = Tensors.floats(SCALE, new float[] {1}, 1);
        return Map.of(
                SCORES, new Parameter(Tensors.dims(scores), scores, 0, ParameterRole.SCALE),
                SCALE, new Parameter(Tensors.dims(one), one, 0, ParameterRole.SCALE));
    }
}
