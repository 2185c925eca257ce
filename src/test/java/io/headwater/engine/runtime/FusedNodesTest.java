package io.headwater.engine.runtime;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that nodes which ONNX Runtime's optimiser fused learn like the nodes that they were made from. */
class FusedNodesTest {
    @TempDir
    private Path folder;

    static Stream<Arguments> products() {
        return Stream.of(
                Arguments.of("Relu", List.of(), List.of()),
                Arguments.of("Tanh", List.of(), List.of()),
                Arguments.of(
                        "LeakyRelu", List.of(attribute("activation_alpha", 0.3f)), List.of(attribute("alpha", 0.3f))));
    }

    @ParameterizedTest
    @MethodSource("products")
    void shouldTrainAProductWithItsActivation(
            String activation, List<AttributeProto> fused, List<AttributeProto> plain) {
        NodeProto joined = TestModels.node("FusedGemm", "hidden", "low", "w2", "b2").toBuilder()
                .setDomain("com.microsoft")
                .addAttribute(attribute("activation", activation))
                .addAttribute(attribute("transB", 1))
                .addAllAttribute(fused)
                .build();
        NodeProto product = TestModels.node("Gemm", "product", "low", "w2", "b2").toBuilder()
                .addAttribute(attribute("transB", 1))
                .build();
        NodeProto after = TestModels.node(activation, "hidden", "product").toBuilder()
                .addAllAttribute(plain)
                .build();

        assertLearnTheSame(network(joined), network(product, after));
    }

    @ParameterizedTest
    @MethodSource("products")
    void shouldTrainAConvolutionWithItsActivation(
            String activation, List<AttributeProto> fused, List<AttributeProto> plain) {
        NodeProto.Builder joined = TestModels.node("FusedConv", "maps", "image", "k").toBuilder()
                .setDomain("com.microsoft")
                .addAttribute(attribute("activation", activation));
        if (!fused.isEmpty()) {
            joined.addAttribute(AttributeProto.newBuilder()
                    .setName("activation_params")
                    .setType(AttributeProto.AttributeType.FLOATS)
                    .addFloats(0.3f));
        }
        NodeProto product = TestModels.node("Conv", "product", "image", "k");
        NodeProto after = TestModels.node(activation, "maps", "product").toBuilder()
                .addAllAttribute(plain)
                .build();

        assertLearnTheSame(convolution(joined.build()), convolution(product, after));
    }

    private void assertLearnTheSame(ModelProto fused, ModelProto plain) {
        try (TopRig one = rig(fused);
                TopRig other = rig(plain);
                Head first = one.head(2);
                Head second = other.head(2)) {
            for (int step = 0; step < 3; step++) {
                assertThat(one.train(first, 0, 4)).isCloseTo(other.train(second, 0, 4), within(1e-6));
            }
            assertThat(first.state().parameters().keySet())
                    .isEqualTo(second.state().parameters().keySet())
                    .hasSizeGreaterThan(2);
        }
    }

    private static ModelProto network(NodeProto... nodes) {
        return model(GraphProto.newBuilder()
                .setName("network")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(24), 4, 6))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(30), 5, 6))
                .addInitializer(TestModels.weight("b2", TestModels.FLOAT, TestModels.ramp(5), 5))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addAllNode(List.of(nodes))
                .addOutput(TestModels.value("hidden", TestModels.FLOAT, 0, 5)));
    }

    private static ModelProto convolution(NodeProto... nodes) {
        return model(GraphProto.newBuilder()
                .setName("network")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(72), 4, 18))
                .addInitializer(TestModels.weight("k", TestModels.FLOAT, TestModels.ramp(24), 3, 2, 2, 2))
                .addInitializer(Tensors.integers("shape", -1, 2, 3, 3))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addNode(TestModels.node("Reshape", "image", "low", "shape"))
                .addAllNode(List.of(nodes))
                .addNode(TestModels.node("Flatten", "hidden", "maps"))
                .addOutput(TestModels.value("hidden", TestModels.FLOAT, 0, 12)));
    }

    private static ModelProto model(GraphProto.Builder graph) {
        return TestModels.model(graph.build()).toBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .build();
    }

    private TopRig rig(ModelProto model) {
        BaseModelManifest manifest = TestModels.tensor(folder, model, "hidden", Pooling.NONE, 4);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            samples.add(new ModelInput.Numbers(new float[] {i % 2, 1, i, -i}));
        }
        return TopRig.open(
                manifest,
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, TopRig.fineTune(1).at("low"), TopRig.PLAIN),
                samples,
                Compute.ONE_THREAD);
    }
}
