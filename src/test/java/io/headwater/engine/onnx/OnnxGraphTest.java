package io.headwater.engine.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.TestModels;
import java.util.List;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;

class OnnxGraphTest {
    private static final GraphProto PROTO = TestModels.convNet(TestModels.FLOAT).getGraph();

    @Test
    void shouldTellWhoComputesAndWhoReads() {
        OnnxGraph graph = OnnxGraph.of(PROTO);

        assertThat(graph.producer("rectified")).isEqualTo(PROTO.getNode(1));
        assertThat(graph.producer("pixels")).isNull();
        assertThat(graph.consumers("map")).containsExactly(PROTO.getNode(1));
        assertThat(graph.consumers("scores")).isEmpty();
        assertThat(graph.outputs()).containsExactly("scores");
        assertThat(graph.computed()).containsExactlyInAnyOrder("map", "rectified", "scores");
    }

    @Test
    void shouldNotCountInitializersAmongInputs() {
        GraphProto old = PROTO.toBuilder()
                .addInput(TestModels.value("w", TestModels.FLOAT, 2, 3, 1, 1))
                .build();

        OnnxGraph graph = OnnxGraph.of(old);

        assertThat(graph.inputs()).extracting(ValueInfoProto::getName).containsExactly("pixels");
        assertThat(OnnxGraph.elements(requireNonNull(graph.initializer("w")))).isEqualTo(6);
    }

    @Test
    void shouldKnowTheValuesOfConstantNodes() {
        AttributeProto three = AttributeProto.newBuilder()
                .setName("value_ints")
                .addInts(1)
                .addInts(2)
                .addInts(-3)
                .build();
        NodeProto node = TestModels.node("Constant", "three").toBuilder()
                .addAttribute(three)
                .build();

        OnnxGraph graph = OnnxGraph.of(PROTO.toBuilder().addNode(node).build());

        TensorProto value = requireNonNull(graph.constant("three"));
        assertThat(value.getDimsList()).containsExactly(3L);
        assertThat(value.getRawData().size()).isEqualTo(24);
        assertThat(graph.initializer("three")).isNull();
        assertThat(graph.constant("w")).isEqualTo(PROTO.getInitializer(0));
        assertThat(graph.constant("map")).isNull();
    }

    @Test
    void shouldCountWhatABranchReadsFromOutsideAndNothingElse() {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(TestModels.node("Neg", "inner", "map"))
                .addNode(TestModels.node("Neg", "deeper", "inner"))
                .addOutput(TestModels.value("deeper", TestModels.FLOAT))
                .build();
        NodeProto choice = TestModels.node("If", "chosen", "condition").toBuilder()
                .addAttribute(TestModels.branch("then_branch", branch))
                .build();

        assertThat(OnnxGraph.reads(choice)).isEqualTo(List.of("condition", "map"));
    }
}
