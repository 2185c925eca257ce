package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TaskKind;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.onnx.Attributes;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the features of a sample depend on the sample alone, in a model observation [N, 4] → MatMul, Tanh → "low"
 * [N, 5] → the nodes under test → "middle" [N, 5] → MatMul → "scores" [N, 2].
 */
class ReproducibleFeaturesTest {
    private static final List<ModelInput> SAMPLES =
            List.of(new ModelInput.Numbers(new float[] {1, -2, 3, 0.5f}), new ModelInput.Numbers(new float[4]));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RandomNormal",
                "RandomNormalLike",
                "RandomUniform",
                "RandomUniformLike",
                "Multinomial",
                "Bernoulli"
            })
    void shouldRefuseOperatorsThatDrawRandomNumbers(String operator) {
        NodeProto noise = TestModels.node(operator, "noise", "low");
        NodeProto sum = TestModels.node("Add", "middle", "low", "noise");
        String why = "node 'noise' (" + operator + ") draws random numbers";

        assertThatThrownBy(() -> features(model(noise, sum), "scores"))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> divide(model(noise, sum), "low")).hasMessageContaining(why);
        assertThat(features(model(noise, sum), "low")).hasSize(2);
    }

    @Test
    void shouldRefuseThemInBranchesToo() {
        GraphProto noisy = body(TestModels.node("RandomNormalLike", "noise", "low"));
        GraphProto quiet = body(TestModels.node("Identity", "same", "low"));

        assertThatThrownBy(() -> features(model(choice(noisy, quiet)), "scores"))
                .hasMessageContaining("node 'noise' (RandomNormalLike) draws random numbers");
    }

    /** Where the training mode of a dropout comes from. */
    enum Mode {
        INITIALIZER,
        CONSTANT,
        INPUT,
        IN_A_BRANCH
    }

    /** As it stands, half of the values of each sample would be dropped at random, at least in an unfrozen top. */
    @ParameterizedTest
    @EnumSource
    void shouldSwitchOffTheTrainingModeOfDropout(Mode mode) {
        ModelProto plain = model(TestModels.node("Identity", "middle", "low"));
        NodeProto dropout = TestModels.node("Dropout", "middle", "low", "", "mode");
        ModelProto model = switch (mode) {
            case INITIALIZER -> changed(model(dropout), graph -> graph.addInitializer(truth()));
            case CONSTANT -> model(constant(), dropout);
            case INPUT ->
                changed(model(dropout), graph -> graph.addInput(TestModels.value("mode", DataType.BOOL_VALUE)));
            case IN_A_BRANCH -> {
                GraphProto drops = body(TestModels.node("Dropout", "kept", "low", "", "mode"));
                GraphProto same = body(TestModels.node("Identity", "same", "low"));
                yield changed(model(choice(drops, same)), graph -> graph.addInitializer(truth()));
            }
        };

        assertThat(features(model, "scores")).usingRecursiveComparison().isEqualTo(features(plain, "scores"));
        assertThat(trained(model)).usingRecursiveComparison().isEqualTo(trained(plain));
    }

    @Test
    void shouldRefuseDropoutWhoseModeIsComputed() {
        ModelProto model =
                model(TestModels.node("Not", "mode", "truth"), TestModels.node("Dropout", "middle", "low", "", "mode"));

        assertThatThrownBy(() -> features(model, "scores"))
                .hasMessageContaining("node 'middle' (Dropout) computes its training_mode from 'mode'");
    }

    @Test
    void shouldRefuseBatchNormalisationInTrainingMode() {
        NodeProto norm =
                TestModels.node("BatchNormalization", "middle", "low", "scale", "bias", "mean", "variance").toBuilder()
                        .addAttribute(Attributes.attribute("training_mode", 1))
                        .build();
        ModelProto model = changed(model(norm), graph -> {
            for (String name : List.of("scale", "bias", "mean", "variance")) {
                graph.addInitializer(TestModels.weight(name, TestModels.FLOAT, new float[] {1, 1, 1, 1, 1}, 5));
            }
        });
        String why = "node 'middle' (BatchNormalization) is in training mode";

        assertThatThrownBy(() -> features(model, "scores")).hasMessageContaining(why);
        assertThatThrownBy(() -> divide(model, "low")).hasMessageContaining(why);
    }

    private List<float[]> features(ModelProto model, String cut) {
        try (Backbone backbone = OnnxBackbone.open(TestModels.tensor(folder, model, cut, Pooling.NONE, 4))) {
            return backbone.features(SAMPLES);
        }
    }

    private TopRig divide(ModelProto model, String cut) {
        BaseModelManifest manifest = TestModels.tensor(folder, model, "scores", Pooling.NONE, 4);
        return TopRig.open(
                manifest,
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, TopRig.fineTune(1).at(cut), TopRig.PLAIN),
                SAMPLES,
                Compute.ONE_THREAD);
    }

    /** The parameters of a top above "low" after three steps. */
    private Map<String, Tensor.F32> trained(ModelProto model) {
        try (TopRig rig = divide(model, "low");
                Head head = rig.head(2)) {
            for (int step = 0; step < 3; step++) {
                rig.train(head, 0, SAMPLES.size());
            }
            return head.state().parameters();
        }
    }

    private static ModelProto model(NodeProto... middle) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("policy")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInput(TestModels.value("state", TestModels.FLOAT, 0))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(20), 4, 5))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(10), 5, 2))
                .addInitializer(truth().toBuilder().setName("truth"))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addAllNode(List.of(middle))
                .addNode(TestModels.node("MatMul", "scores", "middle", "w2"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));
        return TestModels.model(graph.build()).toBuilder()
                .setOpsetImport(0, OperatorSetIdProto.newBuilder().setVersion(15))
                .build();
    }

    private static ModelProto changed(ModelProto model, Consumer<GraphProto.Builder> change) {
        ModelProto.Builder changed = model.toBuilder();
        change.accept(changed.getGraphBuilder());
        return changed.build();
    }

    private static NodeProto choice(GraphProto then, GraphProto otherwise) {
        return TestModels.node("If", "middle", "truth").toBuilder()
                .addAttribute(TestModels.branch("then_branch", then))
                .addAttribute(TestModels.branch("else_branch", otherwise))
                .build();
    }

    private static GraphProto body(NodeProto node) {
        return GraphProto.newBuilder()
                .setName(node.getOutput(0))
                .addNode(node)
                .addOutput(TestModels.value(node.getOutput(0), TestModels.FLOAT, 0, 5))
                .build();
    }

    private static TensorProto truth() {
        return TensorProto.newBuilder()
                .setName("mode")
                .setDataType(DataType.BOOL_VALUE)
                .addInt32Data(1)
                .build();
    }

    private static NodeProto constant() {
        return TestModels.node("Constant", "mode").toBuilder()
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(truth()))
                .build();
    }
}
