package io.headwater.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.engine.TestModels;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import onnx.Onnx.GraphProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;

class BlocksTest {

    @Test
    void shouldFindTheEncoderLayersOfTheSentenceEncoder() throws IOException {
        OnnxGraph graph;
        try (InputStream in = BlocksTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            graph = OnnxGraph.of(OnnxModelFile.parse(in.readAllBytes()).getGraph());
        }

        List<Block> blocks = Blocks.below(graph, List.of("input_ids"), List.of("output_0"));

        assertThat(blocks)
                .extracting(Block::name)
                .containsExactly(
                        "encoder.layer.5",
                        "encoder.layer.4",
                        "encoder.layer.3",
                        "encoder.layer.2",
                        "encoder.layer.1",
                        "encoder.layer.0",
                        "embeddings");
        assertThat(blocks.get(1).below().orElseThrow().tensors())
                .containsExactly("/encoder/layer.3/output/LayerNorm/Add_1_output_0");
        assertThat(blocks.get(1).below().orElseThrow().parametersAbove()).isEqualTo(2 * 1774464);
        assertThat(blocks.get(1).below().orElseThrow().inputsAbove()).containsExactly("attention_mask");
        assertThat(blocks.get(6).below()).isEmpty();
    }

    @Test
    void shouldTakeTheNamesOfParametersWhereNodesHaveNone() {
        // Given two fire modules, each of a squeeze and two expansions that are joined
        GraphProto.Builder graph = image();
        String from = "x";
        for (String fire : List.of("fire2", "fire3")) {
            layer(graph, fire + "/squeeze", from, "");
            layer(graph, fire + "/expand1x1", fire + "/squeeze", "");
            layer(graph, fire + "/expand3x3", fire + "/squeeze", "");
            from = fire + "/concat";
            graph.addNode(TestModels.node("Concat", from, fire + "/expand1x1", fire + "/expand3x3").toBuilder()
                    .clearName());
        }
        layer(graph, "conv10", "fire3/concat", "");

        List<Block> blocks = below(graph, "conv10");

        assertThat(blocks).extracting(Block::name).containsExactly("conv10", "fire3", "fire2");
        assertThat(blocks.get(0).below().orElseThrow().tensors()).containsExactly("fire3/concat");
        assertThat(blocks.get(1).below().orElseThrow().tensors()).containsExactly("fire2/concat");
        assertThat(blocks.get(2).below()).isEmpty();
    }

    @Test
    void shouldTakeThePathsOfNodesWhereParametersHaveNoNames() {
        GraphProto.Builder graph = image();
        anonymous(graph, "a", "x", "/layer4/layer4.0/conv1/Conv");
        anonymous(graph, "b", "a", "/layer4/layer4.1/conv1/Conv");
        anonymous(graph, "c", "b", "/layer4/layer4.1/conv2/Conv");
        anonymous(graph, "d", "c", "/fc/Gemm");

        List<Block> blocks = below(graph, "d");

        assertThat(blocks).extracting(Block::name).containsExactly("fc", "layer4.1", "layer4.0");
        assertThat(blocks.get(1).below().orElseThrow().tensors()).containsExactly("a");
    }

    @Test
    void shouldPassOverWhatAllNamesBeginWith() {
        GraphProto.Builder graph = image();
        anonymous(graph, "a", "x", "model/conv2d/Conv2D");
        anonymous(graph, "b", "a", "model/conv2d_1/Conv2D");
        anonymous(graph, "c", "b", "model/conv2d_2/Conv2D");

        assertThat(below(graph, "c"))
                .extracting(Block::name)
                .containsExactly("model.conv2d_2", "model.conv2d_1", "model.conv2d");
    }

    @Test
    void shouldTakeEachLayerWithoutNamesAlone() {
        GraphProto.Builder graph = image();
        anonymous(graph, "1", "x", "");
        graph.addNode(TestModels.node("Relu", "2", "1"));
        anonymous(graph, "3", "2", "");

        List<Block> blocks = below(graph, "3");

        assertThat(blocks).hasSize(2);
        assertThat(blocks.get(0).below().orElseThrow().tensors()).containsExactly("2");
    }

    /** As Keras 3 names them: the second layer of the kind "dense 1" differs from the first only in a further number. */
    @Test
    void shouldTakeEachLayerAloneWhereAllNamesMakeOneBlock() {
        GraphProto.Builder graph = image();
        anonymous(graph, "a", "x", "/model/dense_1/Conv");
        anonymous(graph, "b", "a", "/model/dense_1_2/Conv");
        anonymous(graph, "c", "b", "/model/dense_1_3/Conv");
        anonymous(graph, "d", "c", "/model/dense_1_3/Scale");

        List<Block> blocks = below(graph, "d");

        assertThat(blocks)
                .extracting(Block::name)
                .containsExactly("model.dense_1_3", "model.dense_1_2", "model.dense_1");
        assertThat(blocks.get(0).below().orElseThrow().tensors()).containsExactly("b");
        assertThat(blocks.get(2).below()).isEmpty();
    }

    @Test
    void shouldLeaveOutWhatIsAboveTheFeature() {
        GraphProto.Builder graph = image();
        layer(graph, "h.0.fc", "x", "");
        layer(graph, "h.1.fc", "h.0.fc", "");
        layer(graph, "head.2", "h.1.fc", "");

        assertThat(below(graph, "h.1.fc")).extracting(Block::name).containsExactly("h.1", "h.0");
    }

    private static List<Block> below(GraphProto.Builder graph, String feature) {
        graph.addOutput(TestModels.value(graph.getNode(graph.getNodeCount() - 1).getOutput(0), TestModels.FLOAT, 2));
        return Blocks.below(OnnxGraph.of(graph.build()), List.of("x"), List.of(feature));
    }

    private static GraphProto.Builder image() {
        return GraphProto.newBuilder().addInput(TestModels.value("x", TestModels.FLOAT, 1, 2));
    }

    private static void layer(GraphProto.Builder graph, String name, String from, String node) {
        graph.addInitializer(weight(name + ".weight"));
        graph.addNode(TestModels.node("MatMul", name, from, name + ".weight").toBuilder()
                .setName(node));
    }

    private static void anonymous(GraphProto.Builder graph, String output, String from, String node) {
        String weight = "onnx::MatMul_" + graph.getInitializerCount();
        graph.addInitializer(weight(weight));
        graph.addNode(
                TestModels.node("MatMul", output, from, weight).toBuilder().setName(node));
    }

    private static TensorProto weight(String name) {
        return TestModels.weight(name, TestModels.FLOAT, new float[4], 2, 2);
    }
}
