package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.engine.BackboneException;
import io.headwater.engine.TestModels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;

class OnnxCutTest {
    private static final int BOOL = 9;
    private static final ModelProto WHOLE = TestModels.convNet(TestModels.FLOAT);

    @Test
    void shouldKeepOnlyWhatTheTensorNeeds() throws Exception {
        GraphProto below = cut(WHOLE, "map").getGraph();

        assertThat(below.getNodeList()).containsExactly(WHOLE.getGraph().getNode(0));
        assertThat(below.getInitializerList()).extracting(TensorProto::getName).containsExactly("w");
        assertThat(below.getInputList()).isEqualTo(WHOLE.getGraph().getInputList());
        assertThat(below.getOutputList()).extracting(ValueInfoProto::getName).containsExactly("map");
    }

    @Test
    void shouldKeepAnOutputOfTheModelAsItIs() throws Exception {
        GraphProto below = cut(WHOLE, "scores").getGraph();

        assertThat(below.getNodeList()).isEqualTo(WHOLE.getGraph().getNodeList());
        assertThat(below.getOutputList()).isEqualTo(WHOLE.getGraph().getOutputList());
    }

    @Test
    void shouldDropInputsThatOnlyTheTopReads() throws Exception {
        GraphProto graph = WHOLE.getGraph().toBuilder()
                .addInput(TestModels.value("bias", TestModels.FLOAT, 1))
                .addNode(TestModels.node("Add", "biased", "scores", "bias"))
                .build();

        assertThat(cut(TestModels.model(graph), "scores").getGraph().getInputList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("pixels");
    }

    @Test
    void shouldKeepWhatABranchReadsFromOutside() throws Exception {
        // Given a branch that reads "rectified" although its node does not name it
        GraphProto branch = GraphProto.newBuilder()
                .setName("branch")
                .addNode(TestModels.node("Neg", "inner", "rectified"))
                .addOutput(ValueInfoProto.newBuilder().setName("inner"))
                .build();
        NodeProto choice = TestModels.node("If", "chosen", "condition").toBuilder()
                .addAttribute(TestModels.branch("then_branch", branch))
                .addAttribute(TestModels.branch("else_branch", branch))
                .build();
        GraphProto graph = WHOLE.getGraph().toBuilder()
                .addInput(TestModels.value("condition", BOOL))
                .addNode(choice)
                .build();

        // When
        GraphProto below = cut(TestModels.model(graph), "chosen").getGraph();

        // Then
        assertThat(below.getNodeList()).extracting(NodeProto::getOpType).containsExactly("Conv", "Relu", "If");
    }

    @Test
    void shouldNameTheTensorAndTheNearestNames() {
        assertThatThrownBy(() -> OnnxCut.cut(WHOLE.toByteArray(), "rectifed"))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("'rectifed'")
                .hasMessageContaining("[rectified, ");
    }

    @Test
    void shouldRejectWhatIsNoModel() {
        for (byte[] bytes : List.of(new byte[0], "no model at all".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> OnnxCut.cut(bytes, "map"))
                    .isInstanceOf(BackboneException.class)
                    .hasMessageContaining("must be an ONNX model");
        }
    }

    @Test
    void shouldRejectWeightsKeptElsewhere() {
        GraphProto.Builder graph = WHOLE.getGraph().toBuilder();
        graph.getInitializerBuilder(0)
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("weights.bin"));

        assertThatThrownBy(() -> OnnxCut.cut(TestModels.model(graph.build()).toByteArray(), "map"))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("[weights.bin]");
    }

    private static ModelProto cut(ModelProto model, String tensor) throws Exception {
        return ModelProto.parseFrom(OnnxCut.cut(model.toByteArray(), tensor));
    }
}
