package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests tops with subgraphs: observation [N, 4] → MatMul w1, Tanh → "low" [N, 5] → MatMul w2 → "joined" [N, 3] → the
 * nodes under test → "middle" [N, 3] → Tanh → MatMul w3 → "scores" [N, 2].
 */
class SubgraphTopTest {
    private static final long[] ROWS = {0, 3};

    @TempDir
    private Path folder;

    /** joined × 2 or × 3, plus joined: without the branch, the gradient by w2 would be a third of the right one. */
    private static NodeProto[] branches() {
        return new NodeProto[] {
            choice("chosen", body(times("joined", 2)), body(times("joined", 3))),
            TestModels.node("Add", "middle", "chosen", "joined")
        };
    }

    @Test
    void shouldRefuseToTrainWhatIsBelowABranchAndNameTheLowestCutThatWorks() {
        assertThatThrownBy(() -> divide("low", branches()))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("node 'chosen' (If, opset 13) computes its result in a subgraph")
                .hasMessageContaining("the lowest cut that works is 'joined'");
    }

    @Test
    void shouldTrainWhatIsAboveABranch() {
        try (TopRig rig = divide("joined", branches());
                Head head = rig.head(2)) {
            Map<String, Tensor.F32> before = head.state().parameters();
            double first = rig.train(head, 0, 4);
            double last = first;
            for (int step = 0; step < 30; step++) {
                last = rig.train(head, 0, 4);
            }

            assertThat(before).containsKey("w3").doesNotContainKey("w2");
            assertThat(last).isLessThan(first);
        }
    }

    @Test
    void shouldRefuseParametersThatABranchReads() {
        GraphProto product = body(TestModels.node("MatMul", "product", "joined", "square"));
        assertUses("square", choice("middle", product, body(times("joined", 3))));
    }

    @Test
    void shouldRefuseParametersThatABranchHolds() {
        TensorProto own = TestModels.weight("own", TestModels.FLOAT, TestModels.ramp(9), 3, 3);
        GraphProto product = body(TestModels.node("MatMul", "product", "joined", "own"));
        assertUses(
                "own",
                choice(
                        "middle",
                        product.toBuilder().addInitializer(own).build(),
                        body(TestModels.node("Identity", "same", "joined"))));
        NodeProto constant = TestModels.node("Constant", "own").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(own))
                .build();
        GraphProto held = body(constant, TestModels.node("MatMul", "product", "joined", "own"));
        assertUses("own", choice("middle", held, body(times("joined", 3))));
    }

    @Test
    void shouldRefuseParametersThatAreChosen() {
        GraphProto one = body(TestModels.node("Identity", "one", "square"));
        GraphProto other = body(TestModels.node("Transpose", "other", "square"));
        assertUses("one", choice("weights", one, other), TestModels.node("MatMul", "middle", "joined", "weights"));
    }

    @Test
    void shouldRefuseParametersThatAreGivenToALoop() {
        GraphProto each = body(
                        TestModels.node("Identity", "on", "go"),
                        TestModels.node("Identity", "kept", "weights"),
                        TestModels.node("MatMul", "next", "carried", "weights"))
                .toBuilder()
                .addInput(TestModels.value("i", DataType.INT64_VALUE))
                .addInput(TestModels.value("go", DataType.BOOL_VALUE))
                .addInput(TestModels.value("carried", TestModels.FLOAT, ROWS))
                .addInput(TestModels.value("weights", TestModels.FLOAT, 3, 3))
                .clearOutput()
                .addOutput(TestModels.value("on", DataType.BOOL_VALUE))
                .addOutput(TestModels.value("next", TestModels.FLOAT, ROWS))
                .addOutput(TestModels.value("kept", TestModels.FLOAT, 3, 3))
                .build();
        NodeProto loop = TestModels.node("Loop", "middle", "times", "", "joined", "square").toBuilder()
                .addOutput("square/after")
                .addAttribute(TestModels.branch("body", each))
                .build();
        assertUses("weights", loop);
    }

    @Test
    void shouldRefuseParametersThatTheBodyOfAScanReads() {
        GraphProto each = body(
                        TestModels.node("MatMul", "next", "carried", "square"),
                        TestModels.node("Identity", "seen", "element"))
                .toBuilder()
                .addInput(TestModels.value("carried", TestModels.FLOAT, ROWS))
                .addInput(TestModels.value("element", TestModels.FLOAT, 3))
                .clearOutput()
                .addOutput(TestModels.value("next", TestModels.FLOAT, ROWS))
                .addOutput(TestModels.value("seen", TestModels.FLOAT, 3))
                .build();
        NodeProto scan = TestModels.node("Scan", "middle", "joined", "square").toBuilder()
                .addOutput("square/seen")
                .addAttribute(TestModels.branch("body", each))
                .addAttribute(Attributes.attribute("num_scan_inputs", 1))
                .build();
        assertUses("square", scan);
    }

    private void assertUses(String parameter, NodeProto... middle) {
        assertThatThrownBy(() -> divide("low", middle))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("must not have parameters in its subgraphs")
                .hasMessageContaining("uses '" + parameter + "' there");
    }

    private TopRig divide(String cut, NodeProto... middle) {
        BaseModelManifest manifest = TestModels.tensor(folder, model(middle), "scores", Pooling.NONE, 4);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            samples.add(new ModelInput.Numbers(new float[] {i % 2, 1 - i % 2, i, -i}));
        }
        return TopRig.open(
                manifest,
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, TopRig.fineTune(1).at(cut), TopRig.PLAIN),
                samples,
                Compute.ONE_THREAD);
    }

    private static ModelProto model(NodeProto... middle) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("policy")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInput(TestModels.value("state", TestModels.FLOAT, 0))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(20), 4, 5))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(15), 5, 3))
                .addInitializer(TestModels.weight("w3", TestModels.FLOAT, TestModels.ramp(6), 3, 2))
                .addInitializer(TestModels.weight("square", TestModels.FLOAT, TestModels.ramp(9), 3, 3))
                .addInitializer(TestModels.weight("2.0", TestModels.FLOAT, new float[] {2}, 1))
                .addInitializer(TestModels.weight("3.0", TestModels.FLOAT, new float[] {3}, 1))
                .addInitializer(TensorProto.newBuilder()
                        .setName("condition")
                        .setDataType(DataType.BOOL_VALUE)
                        .addInt32Data(1))
                .addInitializer(TensorProto.newBuilder()
                        .setName("times")
                        .setDataType(DataType.INT64_VALUE)
                        .addInt64Data(2))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addNode(TestModels.node("MatMul", "joined", "low", "w2"))
                .addAllNode(Arrays.asList(middle))
                .addNode(TestModels.node("Tanh", "hidden", "middle"))
                .addNode(TestModels.node("MatMul", "scores", "hidden", "w3"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));
        return TestModels.model(graph.build());
    }

    private static NodeProto times(String tensor, float factor) {
        return TestModels.node("Mul", tensor + "/" + factor, tensor, Float.toString(factor));
    }

    private static NodeProto choice(String name, GraphProto then, GraphProto otherwise) {
        return TestModels.node("If", name, "condition").toBuilder()
                .addAttribute(TestModels.branch("then_branch", then))
                .addAttribute(TestModels.branch("else_branch", otherwise))
                .build();
    }

    private static GraphProto body(NodeProto... nodes) {
        String last = nodes[nodes.length - 1].getOutput(0);
        ValueInfoProto.Builder output = TestModels.value(last, TestModels.FLOAT, ROWS).toBuilder();
        output.getTypeBuilder().getTensorTypeBuilder().clearShape();
        return GraphProto.newBuilder()
                .setName("body of " + last)
                .addAllNode(Arrays.asList(nodes))
                .addOutput(output)
                .build();
    }
}
