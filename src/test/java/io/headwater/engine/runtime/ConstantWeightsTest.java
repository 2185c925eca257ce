package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.inspect.ModelInspection;
import io.headwater.engine.inspect.OnnxInspector;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that weights in {@code Constant} nodes are parameters like those in initializers. */
class ConstantWeightsTest {
    private static final ModelProto INITIALIZERS = TestModels.deepPolicy();
    private static final int STEPS = 5;

    @TempDir
    private Path folder;

    @Test
    void shouldCountThemAndFindTheSameBlocksAndCuts() {
        ModelInspection expected = inspect(INITIALIZERS);
        ModelInspection found = inspect(inNodes(INITIALIZERS));

        assertThat(found.parameters()).isEqualTo(20 + 15 + 6);
        assertThat(found.blocks()).isEqualTo(expected.blocks()).isNotEmpty();
        assertThat(found.cuts()).isEqualTo(expected.cuts());
        assertThat(found.feature()).isEqualTo(expected.feature());
    }

    /** The old version has initializers only among its inputs, where a file with constants has none. */
    @ParameterizedTest
    @ValueSource(ints = {3, 8})
    void shouldTrainThem(int irVersion) {
        ModelProto inNodes =
                inNodes(INITIALIZERS).toBuilder().setIrVersion(irVersion).build();

        Map<String, Tensor.F32> trained = trained(inNodes);

        assertThat(trained).containsKeys("w2", "w3").doesNotContainKey("w1");
        assertThat(TopRig.values(trained, "w2")).isNotEqualTo(TestModels.ramp(15));
        assertThat(trained).usingRecursiveComparison().isEqualTo(trained(INITIALIZERS));
    }

    @Test
    void shouldReadThemFromEveryAttribute() {
        AttributeProto floats = AttributeProto.newBuilder()
                .setName("value_floats")
                .setType(AttributeProto.AttributeType.FLOATS)
                .addFloats(1)
                .addFloats(2)
                .build();
        TensorProto halves = TestModels.weight("", TestModels.HALF, new float[] {1, 2, 3}, 3);
        GraphProto graph = INITIALIZERS.getGraph().toBuilder()
                .addNode(constant("floats", floats))
                .addNode(constant("halves", value(halves)))
                .addNode(constant("one", value(TestModels.weight("", TestModels.FLOAT, new float[] {1}, 1))))
                .addNode(constant(
                        "whole",
                        value(TensorProto.newBuilder()
                                .setDataType(DataType.INT64_VALUE)
                                .addDims(2)
                                .addInt64Data(1)
                                .addInt64Data(2)
                                .build())))
                .build();

        GraphProto read =
                OnnxModelFile.parse(TestModels.model(graph).toByteArray()).getGraph();

        List<TensorProto> added = read.getInitializerList().subList(3, read.getInitializerCount());
        assertThat(added).extracting(TensorProto::getName).containsExactly("floats", "halves");
        assertThat(added).extracting(each -> each.getRawData().size()).containsExactly(8, 6);
        assertThat(read.getNodeList())
                .filteredOn(node -> node.getOpType().equals("Constant"))
                .extracting(node -> node.getOutput(0))
                .containsExactly("one", "whole");
    }

    /** The weights of a branch cannot be trained, but they are parameters of the model. */
    @Test
    void shouldCountTheWeightsOfBranches() {
        GraphProto held = GraphProto.newBuilder()
                .setName("held")
                .addInitializer(TestModels.weight("own", TestModels.FLOAT, TestModels.ramp(9), 3, 3))
                .addNode(TestModels.node("MatMul", "product", "hidden", "own"))
                .addOutput(TestModels.value("product", TestModels.FLOAT, 0, 3))
                .build();
        GraphProto same = GraphProto.newBuilder()
                .setName("same")
                .addNode(constant("shift", value(TestModels.weight("", TestModels.FLOAT, new float[3], 3))))
                .addNode(TestModels.node("Add", "sum", "hidden", "shift"))
                .addOutput(TestModels.value("sum", TestModels.FLOAT, 0, 3))
                .build();
        GraphProto.Builder graph = INITIALIZERS.getGraph().toBuilder();
        NodeProto last = graph.getNode(4);
        graph.removeNode(4)
                .addInitializer(TensorProto.newBuilder()
                        .setName("condition")
                        .setDataType(DataType.BOOL_VALUE)
                        .addInt32Data(1))
                .addNode(TestModels.node("If", "chosen", "condition").toBuilder()
                        .addAttribute(TestModels.branch("then_branch", held))
                        .addAttribute(TestModels.branch("else_branch", same)))
                .addNode(last.toBuilder().setInput(0, "chosen"));

        ModelInspection found = inspect(TestModels.model(graph.build()));

        assertThat(found.parameters()).isEqualTo(20 + 15 + 6 + 9 + 3);
        assertThat(found.cuts())
                .filteredOn(cut -> cut.name().equals("hidden"))
                .extracting(ModelInspection.CutInfo::parametersAbove)
                .containsExactly(6L + 9 + 3);
    }

    private Map<String, Tensor.F32> trained(ModelProto model) {
        BaseModelManifest manifest = TestModels.tensor(folder, model, "scores", Pooling.NONE, 4);
        List<ModelInput> samples = new ArrayList<>();
        IntStream.range(0, 4).forEach(i -> samples.add(new ModelInput.Numbers(new float[] {i % 2, 1, i, -i})));
        try (TopRig rig = TopRig.open(
                        manifest,
                        TopRig.config(
                                TaskKind.TENSOR_CLASSIFICATION,
                                TopRig.fineTune(1).at("low"),
                                TopRig.PLAIN),
                        samples,
                        Compute.ONE_THREAD);
                Head head = rig.head(2)) {
            for (int step = 0; step < STEPS; step++) {
                rig.train(head, 0, 4);
            }
            return head.state().parameters();
        }
    }

    private ModelInspection inspect(ModelProto model) {
        return OnnxInspector.inspect(
                Path.of(TestModels.write(folder, model.toByteArray()).location()));
    }

    private static ModelProto inNodes(ModelProto model) {
        GraphProto.Builder graph =
                model.getGraph().toBuilder().clearInitializer().clearNode();
        model.getGraph()
                .getInitializerList()
                .forEach(weight -> graph.addNode(constant(weight.getName(), value(weight))));
        graph.addAllNode(model.getGraph().getNodeList());
        return model.toBuilder().setGraph(graph).build();
    }

    private static NodeProto constant(String name, AttributeProto value) {
        return TestModels.node("Constant", name).toBuilder().addAttribute(value).build();
    }

    private static AttributeProto value(TensorProto tensor) {
        return AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(tensor)
                .build();
    }
}
