package io.headwater.engine.gradient;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.onnx.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a gradient which has no rule is refused by name, and never left out of a sum without a word. */
class LostGradientsTest {
    private static final long[] VECTOR = {2};

    /** y = x + (x in a branch): the gradient by x would be that of the first term alone. */
    @Test
    void shouldRefuseToPassABranch() {
        NodeProto choice = choice("chosen", times("x", 2), times("x", 3));
        assertRefused("x", "'chosen' (If", choice, TestModels.node("Add", "y", "chosen", "x"));
    }

    @Test
    void shouldRefuseToPassABranchWithinABranch() {
        GraphProto inner = body(choice("inner", times("x", 2), times("x", 3)));
        NodeProto choice = choice("chosen", inner, times("k", 3));
        assertRefused("x", "'chosen' (If", choice, TestModels.node("Add", "y", "chosen", "x"));
    }

    @Test
    void shouldRefuseToPassWhatTheBodyOfALoopReads() {
        GraphProto each =
                body(TestModels.node("Identity", "on", "go"), TestModels.node("Add", "next", "before", "x")).toBuilder()
                        .addInput(TestModels.value("i", DataType.INT64_VALUE))
                        .addInput(TestModels.value("go", DataType.BOOL_VALUE))
                        .addInput(TestModels.value("before", TestModels.FLOAT, VECTOR))
                        .clearOutput()
                        .addOutput(TestModels.value("on", DataType.BOOL_VALUE))
                        .addOutput(TestModels.value("next", TestModels.FLOAT, VECTOR))
                        .build();
        NodeProto loop = with(TestModels.node("Loop", "last", "times", "", "k"), TestModels.branch("body", each));
        assertRefused("x", "'last' (Loop", loop, TestModels.node("Add", "y", "last", "x"));
    }

    @Test
    void shouldRefuseToPassWhatTheBodyOfAScanReads() {
        GraphProto each = body(
                        TestModels.node("Mul", "scaled", "element", "x"),
                        TestModels.node("Add", "next", "before", "scaled"))
                .toBuilder()
                .addInput(TestModels.value("before", TestModels.FLOAT, VECTOR))
                .addInput(TestModels.value("element", TestModels.FLOAT, VECTOR))
                .build();
        NodeProto scan = with(
                TestModels.node("Scan", "last", "k", "elements"),
                TestModels.branch("body", each),
                Attributes.attribute("num_scan_inputs", 1));
        assertRefused("x", "'last' (Scan", scan, TestModels.node("Add", "y", "last", "x"));
    }

    @Test
    void shouldRefuseToPassSequencesAndOptionals() {
        GraphProto each = body(TestModels.node("Mul", "next", "element", "x")).toBuilder()
                .addInput(TestModels.value("element", TestModels.FLOAT, VECTOR))
                .build();
        assertRefused(
                "x",
                "'scaled' (SequenceMap",
                TestModels.node("SequenceConstruct", "sequence", "k", "k"),
                with(TestModels.node("SequenceMap", "scaled", "sequence"), TestModels.branch("body", each)),
                TestModels.node("Identity", "y", "scaled"));
        assertRefused(
                "x",
                "'maybe' (Optional",
                TestModels.node("Optional", "maybe", "x"),
                TestModels.node("Identity", "same", "maybe"),
                TestModels.node("Add", "y", "same", "x"));
    }

    @Test
    void shouldRefuseOperatorsThatAreConstantOnlyInOtherInputs() {
        assertRefused("x", "'hot' (OneHot", TestModels.node("OneHot", "hot", "times", "times", "x"), sum("hot"));
        assertRefused("x", "'numbers' (Range", TestModels.node("Range", "numbers", "x", "k", "k"), sum("numbers"));
    }

    @Test
    void shouldRefuseDropoutWhoseModeIsUnknown() {
        assertRefused("x", "'kept' (Dropout", TestModels.node("Dropout", "kept", "x", "", "mode"), sum("kept"));
    }

    /** A branch that no wanted tensor enters needs no gradient. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPassBesideABranch(boolean then) {
        GradientCheck.at(13, 5)
                .inSinglePrecision()
                .wants("x", VECTOR)
                .constant("k", VECTOR)
                .constant(bool("condition", then))
                .node(
                        "If",
                        List.of("condition"),
                        List.of("chosen"),
                        TestModels.branch("then_branch", times("k", 2)),
                        TestModels.branch("else_branch", times("k", 3)))
                .node("Mul", List.of("chosen", "x"), List.of("y"))
                .holds();
    }

    private static void assertRefused(String wanted, String why, NodeProto... nodes) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("forward")
                .addInput(TestModels.value(wanted, TestModels.FLOAT, VECTOR))
                .addInitializer(Tensors.floats("k", new float[] {1, 2}, VECTOR))
                .addInitializer(Tensors.floats("elements", new float[6], 3, 2))
                .addInitializer(Tensors.integer("times", 3))
                .addInitializer(bool("condition", true))
                .addInitializer(bool("mode", true))
                .addAllNode(Arrays.asList(nodes));
        Map<String, long[]> shapes = new HashMap<>(Map.of(wanted, VECTOR));
        graph.getNodeList().forEach(node -> shapes.put(node.getOutput(0), VECTOR));
        Forward forward = new Forward(graph.build(), Map.of("", 17), shapes, TestModels.FLOAT);

        assertThatThrownBy(() -> Differentiation.of(forward, Set.of(wanted), "y"))
                .isInstanceOf(GradientException.class)
                .hasMessageContaining("node " + why);
    }

    private static NodeProto sum(String other) {
        return TestModels.node("Add", "y", other, "x");
    }

    private static NodeProto choice(String name, GraphProto then, GraphProto otherwise) {
        return with(
                TestModels.node("If", name, "condition"),
                TestModels.branch("then_branch", then),
                TestModels.branch("else_branch", otherwise));
    }

    private static GraphProto times(String tensor, float factor) {
        String name = tensor + "/" + factor;
        return body(TestModels.node("Mul", name, tensor, name + "/factor")).toBuilder()
                .addInitializer(Tensors.floats(name + "/factor", new float[] {factor}, 1))
                .build();
    }

    private static GraphProto body(NodeProto... nodes) {
        String last = nodes[nodes.length - 1].getOutput(0);
        return GraphProto.newBuilder()
                .setName("body of " + last)
                .addAllNode(Arrays.asList(nodes))
                .addOutput(TestModels.value(last, TestModels.FLOAT, VECTOR))
                .build();
    }

    private static NodeProto with(NodeProto node, AttributeProto... attributes) {
        return node.toBuilder().addAllAttribute(Arrays.asList(attributes)).build();
    }

    private static TensorProto bool(String name, boolean value) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(DataType.BOOL_VALUE)
                .addInt32Data(value ? 1 : 0)
                .build();
    }
}
