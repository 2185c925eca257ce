package io.headwater.engine.gradient;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;
import org.jspecify.annotations.Nullable;

/** The rule of each operator. */
final class GradientRules {
    /** Operators whose results do not change with small changes of their inputs, or are no floating-point numbers. */
    private static final Set<String> CONSTANT = Set.of(
            "Shape",
            "Size",
            "ConstantOfShape",
            "EyeLike",
            "Range",
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
            "Round",
            "OneHot");

    private static final Set<Integer> FLOATING =
            Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.DOUBLE_VALUE, DataType.BFLOAT16_VALUE);

    private static final Map<String, GradientRule> RULES = all();

    private GradientRules() {}

    /** The rule of {@code node}'s operator; null when there is none. */
    static @Nullable GradientRule of(Node node) {
        return RULES.get(key(node.proto()));
    }

    /** The operators that have a rule: those of the default domain by their name, others with their domain before it. */
    static Set<String> operators() {
        return RULES.keySet();
    }

    /** Whether no gradient passes {@code node}, because there is none to pass. */
    static boolean isConstant(NodeProto node) {
        if (node.getOpType().equals("Cast")) {
            return node.getAttributeList().stream()
                    .filter(attribute -> attribute.getName().equals("to"))
                    .noneMatch(to -> FLOATING.contains((int) to.getI()));
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

    /** Operators of the default domain by their name, others with their domain before it. */
    private static String key(NodeProto node) {
        boolean standard = node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx");
        return standard ? node.getOpType() : node.getDomain() + ":" + node.getOpType();
    }
}
