package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.TestModels;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;

class CutsTest {
    private static final int INT64 = 7;

    @Test
    void shouldListEveryTensorOfAChainWithTheShareAbove() {
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 1, 2))
                .addInitializer(weight("w0", 2, 3))
                .addInitializer(weight("w1", 3, 4))
                .addNode(TestModels.node("MatMul", "a", "x", "w0"))
                .addNode(TestModels.node("Relu", "b", "a"))
                .addNode(TestModels.node("MatMul", "c", "b", "w1"))
                .addOutput(TestModels.value("c", TestModels.FLOAT, 1, 4))
                .build();

        List<Cut> cuts = cuts(graph, "x");

        assertThat(cuts).extracting(Cut::tensors).containsExactly(List.of("a"), List.of("b"), List.of("c"));
        assertThat(cuts).extracting(Cut::parametersAbove).containsExactly(12L, 12L, 0L);
        assertThat(cuts).extracting(Cut::shareAbove).containsExactly(12 / 18.0, 12 / 18.0, 0.0);
    }

    @Test
    void shouldLetThePartAboveReadMasksAndTheShapeOfTheInput() {
        // Given ids → Gather → Add position → Mul mask → Reshape to the shape of ids
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("ids", INT64, 1, 2))
                .addInput(TestModels.value("mask", TestModels.FLOAT, 1, 2))
                .addInitializer(weight("words", 5, 1))
                .addInitializer(weight("places", 5, 1))
                .addNode(TestModels.node("Gather", "word", "words", "ids"))
                .addNode(TestModels.node("Shape", "shape", "ids"))
                .addNode(TestModels.node("Range", "place", "shape"))
                .addNode(TestModels.node("Gather", "position", "places", "place"))
                .addNode(TestModels.node("Add", "sum", "word", "position"))
                .addNode(TestModels.node("Mul", "masked", "sum", "mask"))
                .addNode(TestModels.node("Reshape", "out", "masked", "shape"))
                .addOutput(TestModels.value("out", TestModels.FLOAT, 1, 2))
                .build();

        List<Cut> cuts = cuts(graph, "ids");

        assertThat(cuts)
                .containsExactly(
                        new Cut(List.of("word"), true, 5, 0.5, List.of("mask"), List.of("ids")),
                        new Cut(List.of("sum"), true, 0, 0, List.of("mask"), List.of("ids")),
                        new Cut(List.of("masked"), true, 0, 0, List.of(), List.of("ids")),
                        new Cut(List.of("out"), true, 0, 0, List.of(), List.of()));
    }

    @Test
    void shouldNotCutWhereStepsComeBeforeSamples() {
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 1, 3, 2))
                .addInitializer(weight("w", 8, 2))
                .addInitializer(weight("r", 8, 2))
                .addInitializer(axes("one", 1))
                .addNode(TestModels.node("Relu", "low", "x"))
                .addNode(transposed("steps", "low"))
                .addNode(TestModels.node("LSTM", "states", "steps", "w", "r"))
                .addNode(TestModels.node("Squeeze", "squeezed", "states", "one"))
                .addNode(TestModels.node("Tanh", "bent", "squeezed"))
                .addNode(transposed("back", "bent"))
                .addNode(TestModels.node("Relu", "out", "back"))
                .addOutput(TestModels.value("out", TestModels.FLOAT, 1, 3, 2))
                .build();

        assertThat(cuts(graph, "x"))
                .extracting(Cut::tensors)
                .containsExactly(List.of("low"), List.of("back"), List.of("out"));
    }

    private static NodeProto transposed(String output, String input) {
        return TestModels.node("Transpose", output, input).toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("perm")
                        .setType(AttributeProto.AttributeType.INTS)
                        .addAllInts(List.of(1L, 0L, 2L)))
                .build();
    }

    private static TensorProto axes(String name, long axis) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(INT64)
                .addDims(1)
                .addInt64Data(axis)
                .build();
    }

    @Test
    void shouldTakeTwoOutputsOfOneNodeTogether() {
        NodeProto skip = NodeProto.newBuilder()
                .setOpType("SkipLayerNormalization")
                .setDomain("com.microsoft")
                .addInput("x")
                .addInput("x")
                .addOutput("normed")
                .addOutput("")
                .addOutput("")
                .addOutput("sum")
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 1, 2))
                .addNode(skip)
                .addNode(TestModels.node("Relu", "a", "normed"))
                .addNode(TestModels.node("Add", "out", "a", "sum"))
                .addOutput(TestModels.value("out", TestModels.FLOAT, 1, 2))
                .build();

        List<Cut> cuts = cuts(graph, "x");

        assertThat(cuts)
                .extracting(Cut::tensors)
                .containsExactly(List.of("normed", "sum"), List.of("sum", "a"), List.of("out"));
        assertThat(cuts).extracting(Cut::oneNode).containsExactly(true, false, true);
    }

    @Test
    void shouldNotCutAtWholeNumbers() {
        NodeProto cast = TestModels.node("Cast", "rounded", "a").toBuilder()
                .addAttribute(AttributeProto.newBuilder().setName("to").setI(INT64))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 1, 2))
                .addInitializer(weight("table", 5, 1))
                .addNode(TestModels.node("Relu", "a", "x"))
                .addNode(cast)
                .addNode(TestModels.node("Unsqueeze", "wider", "rounded"))
                .addNode(TestModels.node("Gather", "out", "table", "wider"))
                .addOutput(TestModels.value("out", TestModels.FLOAT, 1, 2))
                .build();

        assertThat(cuts(graph, "x")).extracting(Cut::tensors).containsExactly(List.of("a"), List.of("out"));
    }

    @Test
    void shouldCountWhatABranchReadsFromOutside() {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(TestModels.node("Add", "inner", "b", "a"))
                .addOutput(TestModels.value("inner", TestModels.FLOAT))
                .build();
        GraphProto graph = GraphProto.newBuilder()
                .addInput(TestModels.value("x", TestModels.FLOAT, 2))
                .addInput(TestModels.value("c", 9))
                .addNode(TestModels.node("Relu", "a", "x"))
                .addNode(TestModels.node("Neg", "b", "a"))
                .addNode(TestModels.node("If", "out", "c").toBuilder()
                        .addAttribute(TestModels.branch("then_branch", branch))
                        .build())
                .addOutput(TestModels.value("out", TestModels.FLOAT, 2))
                .build();

        assertThat(cuts(graph, "x"))
                .extracting(Cut::tensors)
                .containsExactly(List.of("a"), List.of("a", "b"), List.of("out"));
    }

    @Test
    void shouldRejectInputsAndOutputsThatDoNotBelongTogether() {
        OnnxGraph graph = OnnxGraph.of(TestModels.convNet(TestModels.FLOAT).getGraph());

        assertThatThrownBy(() -> Cuts.of(graph, List.of("w"), List.of("scores")))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("[pixels]")
                .hasMessageContaining("[w]");
        assertThatThrownBy(() -> Cuts.of(graph, List.of("pixels"), List.of("none")))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("'none'");
    }

    private static List<Cut> cuts(GraphProto graph, String input) {
        OnnxGraph index = OnnxGraph.of(graph);
        return Cuts.of(index, List.of(input), index.outputs());
    }

    private static onnx.Onnx.TensorProto weight(String name, int rows, int columns) {
        return TestModels.weight(name, TestModels.FLOAT, new float[rows * columns], rows, columns);
    }
}
