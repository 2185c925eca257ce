package io.headwater.engine.gradient;

import io.headwater.engine.onnx.Attributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** The registry of the gradient rules of all operators. */
final class GradientRules {
    /** Operators with a zero gradient: their results are piecewise constant or are not floating-point numbers. */
    private static final Set<String> CONSTANT = Set.of(
            "Shape",
            "Size",
            "ConstantOfShape",
            "EyeLike",
            "ArgMax",
            "ArgMin",
            "NonZero",
            "Equal",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Not",
            "And",
            "Or",
            "Xor",
            "IsNaN",
            "IsInf",
            "Sign",
            "Floor",
            "Ceil",
            "Round");

    private static final Set<Integer> FLOATING =
            Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.DOUBLE_VALUE, DataType.BFLOAT16_VALUE);

    private static final Map<String, GradientRule> RULES = all();

    private GradientRules() {}

    /** The rule of {@code node}'s operator; null if there is none. */
    static @Nullable GradientRule of(Node node) {
        return RULES.get(key(node.proto()));
    }

    /** The operators that have a rule, by name; names outside the default domain are prefixed with the domain. */
    static Set<String> operators() {
        return RULES.keySet();
    }

    /** Whether the gradient of {@code node} is zero, so that none needs to be propagated. */
    static boolean isConstant(NodeProto node) {
        if (node.getOpType().equals("Cast")) {
            return Attributes.find(node, "to")
                    .filter(to -> FLOATING.contains((int) to.getI()))
                    .isEmpty();
        }
        return CONSTANT.contains(key(node));
    }

    private static Map<String, GradientRule> all() {
        Map<String, GradientRule> rules = new HashMap<>();
        rules.putAll(ArithmeticRules.all());
        rules.putAll(MatrixRules.all());
        rules.putAll(SoftmaxRules.all());
        rules.putAll(ActivationRules.all());
        rules.putAll(ReductionRules.all());
        rules.putAll(ShapeRules.all());
        rules.putAll(MovementRules.all());
        rules.putAll(IndexingRules.all());
        rules.putAll(SelectionRules.all());
        rules.putAll(EinsumRule.all());
        rules.putAll(LayerNormalizationRules.all());
        rules.putAll(FusedActivationRules.all());
        rules.putAll(AttentionRule.all());
        rules.putAll(ConvolutionRules.all());
        rules.putAll(PoolingRules.all());
        rules.putAll(NormalisationRules.all());
        rules.putAll(ResizingRules.all());
        rules.putAll(RecurrentRules.all());
        return Map.copyOf(rules);
    }

    /** The name of the operator, prefixed with its domain unless that is the default domain. */
    private static String key(NodeProto node) {
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        return standard ? node.getOpType() : node.getDomain() + ":" + node.getOpType();
    }
}
