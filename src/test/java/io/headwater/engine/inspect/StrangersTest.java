package io.headwater.engine.inspect;

import static io.headwater.engine.onnx.Attributes.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.config.ImageInput;
import io.headwater.config.ImageInput.Channels;
import io.headwater.config.ImageInput.ImageLayout;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TextInput;
import io.headwater.config.TopConfig;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.inspect.ManifestDraft.Known;
import io.headwater.engine.inspect.ModelInspection.BlockInfo;
import io.headwater.engine.inspect.ModelInspection.InputInfo;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.runtime.OnnxBackbone;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Drafts for forms of models that common exporters write. */
class StrangersTest {
    @TempDir
    private Path folder;

    /** A voice detector: a state of two layers, whose batch is the second axis, and a sample rate without axes. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void shouldFeedZerosToStatesAndTakeTheSampleForTheSample(long batch) {
        long rows = batch < 0 ? 0 : 1;
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("voice")
                .addInput(TestModels.value("state", TestModels.FLOAT, 2, rows, 128))
                .addInput(TestModels.value("input", TestModels.FLOAT, rows, 16))
                .addInput(TestModels.value("sr", TestModels.LONG))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(16 * 128), 16, 128))
                .addInitializer(TestModels.weight("v", TestModels.FLOAT, TestModels.ramp(128), 128, 1))
                .addInitializer(Tensors.integers("zero", 0))
                .addNode(TestModels.node("Cast", "rate", "sr").toBuilder()
                        .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                        .build())
                .addNode(TestModels.node("ReduceSum", "carried", "state", "zero").toBuilder()
                        .addAttribute(attribute("keepdims", 0))
                        .build())
                .addNode(TestModels.node("MatMul", "mixed", "input", "w"))
                .addNode(TestModels.node("Add", "withState", "mixed", "carried"))
                .addNode(TestModels.node("Add", "withRate", "withState", "rate"))
                .addNode(TestModels.node("Tanh", "hidden", "withRate"))
                .addNode(TestModels.node("MatMul", "score", "hidden", "v"))
                .addNode(TestModels.node("Sigmoid", "output", "score"))
                .addNode(TestModels.node("Add", "stateN", "state", "hidden"))
                .addOutput(TestModels.value("stateN", TestModels.FLOAT, 2, rows, 128))
                .addOutput(TestModels.value("output", TestModels.FLOAT, rows, 1));

        ModelInspection model = inspect(graph);

        assertThat(model.fault()).isEmpty();
        assertThat(model.inputs()).extracting(InputInfo::role).containsExactly("zeros", "tensor", "zeros");
        assertThat(model.feature()).isEqualTo("hidden");
        BaseModelManifest draft = draft(graph);
        assertThat(draft.input()).isEqualTo(new TensorInput("input", List.of(16), List.of("state", "sr")));
        try (OnnxBackbone backbone = OnnxBackbone.open(draft)) {
            assertThat(backbone.features(List.of(new ModelInput.Numbers(new float[16]), ones(16))))
                    .hasSize(2);
        }
    }

    @Test
    void shouldTakeTheNumbersWhereTheFirstOutputIsTheChosenClass() {
        GraphProto.Builder graph = network(0)
                .addNode(TestModels.node("Softmax", "probabilities", "scores"))
                .addNode(TestModels.node("ArgMax", "label", "probabilities").toBuilder()
                        .addAttribute(attribute("axis", 1))
                        .build())
                .addOutput(TestModels.value("label", TestModels.LONG, 0, 1))
                .addOutput(TestModels.value("probabilities", TestModels.FLOAT, 0, 2));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    @Test
    void shouldTakeTheHiddenStatesWhereTheFirstOutputIsAPastKey() {
        GraphProto.Builder graph = network(0)
                .addNode(TestModels.node("Identity", "present.0.key", "low"))
                .addNode(TestModels.node("Tanh", "last_hidden_state", "hidden"))
                .addOutput(TestModels.value("present.0.key", TestModels.FLOAT, 0, 6))
                .addOutput(TestModels.value("last_hidden_state", TestModels.FLOAT, 0, 5));

        assertThat(inspect(graph).feature()).isEqualTo("last_hidden_state");
    }

    @ParameterizedTest
    @CsvSource({
        "Sigmoid, anything",
        "Softmax, anything",
        "LogSoftmax, anything",
        "HardSigmoid, anything",
        "ArgMax, anything",
        "Tanh, continuous_actions",
        "Tanh, action_probs"
    })
    void shouldLookThroughTheLastDecision(String operator, String name) {
        GraphProto.Builder graph = network(0)
                .addNode(TestModels.node("Mul", "tempered", "scores", "two"))
                .addInitializer(Tensors.real("two", TestModels.FLOAT, 2))
                .addNode(TestModels.node(operator, name, "tempered"))
                .addOutput(
                        TestModels.value(name, operator.equals("ArgMax") ? TestModels.LONG : TestModels.FLOAT, 0, -1));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    /** A voice detector whose probability is a mean over frames. */
    @Test
    void shouldLookThroughAMeanOfDecisions() {
        GraphProto.Builder graph = network(0)
                .addInitializer(Tensors.integers("frames", 0, 1, 2))
                .addNode(TestModels.node("Sigmoid", "voiced", "scores"))
                .addNode(TestModels.node("Reshape", "framed", "voiced", "frames"))
                .addNode(TestModels.node("ReduceMean", "output", "framed").toBuilder()
                        .addAttribute(attribute("axes", new long[] {2}))
                        .addAttribute(attribute("keepdims", 0))
                        .build())
                .addOutput(TestModels.value("output", TestModels.FLOAT, 0, 1));

        assertThat(inspect(graph).feature()).isEqualTo("hidden");
    }

    /** An actor of soft actor-critic, whose actions have the shape of a sum with a second layer, which is not used otherwise. */
    @Test
    void shouldLookBelowTheActionsOfAnActor() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("actor")
                .addInput(TestModels.value("obs", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(32), 4, 8))
                .addInitializer(TestModels.weight("mean", TestModels.FLOAT, TestModels.ramp(16), 8, 2))
                .addInitializer(TestModels.weight("spread", TestModels.FLOAT, TestModels.ramp(16), 8, 2))
                .addNode(TestModels.node("MatMul", "mixed", "obs", "w"))
                .addNode(TestModels.node("Relu", "latent", "mixed"))
                .addNode(TestModels.node("MatMul", "mu", "latent", "mean"))
                .addNode(TestModels.node("MatMul", "sigma", "latent", "spread"))
                .addNode(TestModels.node("Add", "sum", "mu", "sigma"))
                .addNode(TestModels.node("Shape", "shape", "sum"))
                .addNode(TestModels.node("Expand", "expanded", "mu", "shape"))
                .addNode(TestModels.node("Tanh", "output", "expanded"))
                .addOutput(TestModels.value("output", TestModels.FLOAT, 0, 2));

        assertThat(inspect(graph).feature()).isEqualTo("latent");
    }

    /** A vision transformer: its height and width are free, but its table of positions has four rows, for images of 32 pixels. */
    @Test
    void shouldTryTheSizeOfTheLastFeaturesBeforeLowerOnes() {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("vit")
                .addInput(TestModels.value("pixels", TestModels.FLOAT, 0, 3, -1, -1))
                .addInitializer(
                        TestModels.weight("patch", TestModels.FLOAT, TestModels.ramp(3 * 6 * 256), 6, 3, 16, 16))
                .addInitializer(Tensors.integers("shape", 0, 6, -1))
                .addInitializer(TestModels.weight("positions", TestModels.FLOAT, TestModels.ramp(24), 1, 4, 6))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(36), 6, 6))
                .addInitializer(TestModels.weight("v", TestModels.FLOAT, TestModels.ramp(12), 6, 2))
                .addNode(TestModels.node("Conv", "maps", "pixels", "patch").toBuilder()
                        .addAttribute(attribute("strides", new long[] {16, 16}))
                        .build())
                .addNode(TestModels.node("Reshape", "rows", "maps", "shape"))
                .addNode(TestModels.node("Transpose", "tokens", "rows").toBuilder()
                        .addAttribute(attribute("perm", new long[] {0, 2, 1}))
                        .build())
                .addNode(TestModels.node("Add", "placed", "tokens", "positions"))
                .addNode(TestModels.node("MatMul", "mixed", "placed", "w"))
                .addNode(TestModels.node("ReduceMean", "pooled", "mixed").toBuilder()
                        .addAttribute(attribute("axes", new long[] {1}))
                        .addAttribute(attribute("keepdims", 0))
                        .build())
                .addNode(TestModels.node("MatMul", "logits", "pooled", "v"))
                .addOutput(TestModels.value("logits", TestModels.FLOAT, 0, 2));

        assertThat(inspect(graph).feature()).isEqualTo("pooled");
        ImageInput input = (ImageInput) draft(graph).input();
        assertThat(List.of(input.height(), input.width())).containsExactly(32, 32);
    }

    @Test
    void shouldKeepAnEmbeddingThatEndsInAnActivation() {
        GraphProto.Builder graph = network(0)
                .addNode(TestModels.node("Tanh", "embedding", "scores"))
                .addOutput(TestModels.value("embedding", TestModels.FLOAT, 0, 2));

        assertThat(inspect(graph).feature()).isEqualTo("embedding");
    }

    /** All operators between the first and the last compute with integers. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFindTheFeaturesOfAModelOfQuantisedOperators(boolean softmax) {
        GraphProto.Builder graph = quantised();
        if (softmax) {
            graph.addNode(TestModels.node("Softmax", "probabilities", "scores"))
                    .addOutput(TestModels.value("probabilities", TestModels.FLOAT, 0, 2));
        } else {
            graph.addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));
        }

        ModelInspection model = inspect(graph);

        assertThat(model.fault()).isEmpty();
        assertThat(model.feature()).isEqualTo("flat_dequantized");
        assertThat(model.operators()).containsEntry("DequantizeLinear", 1);
        try (OnnxBackbone backbone = OnnxBackbone.open(draft(graph))) {
            assertThat(backbone.width()).isEqualTo(3);
            // A scale of 0.1: inputs of 1 become 10, and three weights of 1 give 30 times 0.1 times 0.1 / 0.1.
            assertThat(backbone.features(List.of(ones(3))).get(0)).containsExactly(3f, 3f, 3f);
        }
    }

    @Test
    void shouldFindTheFeaturesOfAModelWithQuantisedWeightsInFloatingPointOperators() {
        GraphProto.Builder graph = network(0).clearInitializer();
        graph.removeNode(4);
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            if (node.getOpType().equals("MatMul")) {
                graph.setNode(i, node.toBuilder().setInput(1, node.getInput(1) + "/numbers"));
            }
        }
        graph.addInitializer(bytes("w1", 4, 6))
                .addInitializer(bytes("w2", 6, 5))
                .addInitializer(bytes("w3", 5, 2))
                .addInitializer(Tensors.real("scale", TestModels.FLOAT, 0.1));
        for (String weight : List.of("w1", "w2", "w3")) {
            graph.addNode(0, TestModels.node("DequantizeLinear", weight + "/numbers", weight, "scale"));
        }
        graph.addNode(TestModels.node("MatMul", "scores", "hidden", "w3/numbers"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));

        ModelInspection model = inspect(graph);

        assertThat(model.feature()).isEqualTo("hidden");
        assertThat(draft(graph).blocks()).isEmpty();
    }

    @Test
    void shouldFindTheFeaturesOfADynamicallyQuantisedModel() {
        GraphProto.Builder graph = network(0).clearInitializer();
        graph.removeNode(4);
        graph.addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(24), 4, 6))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(30), 6, 5))
                .addInitializer(bytes("w3", 5, 2))
                .addInitializer(Tensors.real("w3_scale", TestModels.FLOAT, 0.1))
                .addNode(NodeProto.newBuilder()
                        .setOpType("DynamicQuantizeLinear")
                        .addInput("hidden")
                        .addAllOutput(List.of("hidden_bytes", "hidden_scale", "hidden_zero")))
                .addNode(TestModels.node("MatMulInteger", "product", "hidden_bytes", "w3", "hidden_zero"))
                .addNode(TestModels.node("Mul", "scales", "hidden_scale", "w3_scale"))
                .addNode(TestModels.node("Cast", "product_numbers", "product").toBuilder()
                        .addAttribute(attribute("to", DataType.FLOAT_VALUE))
                        .build())
                .addNode(TestModels.node("Mul", "scores", "product_numbers", "scales"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));

        ModelInspection model = inspect(graph);

        assertThat(model.fault()).isEmpty();
        assertThat(model.feature()).isEqualTo("hidden");
    }

    @Test
    void shouldSayWhichBlocksAreNeverTrained() {
        GraphProto.Builder graph = network(0).addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));

        ModelInspection model = inspect(graph);

        assertThat(model.blocks()).extracting(BlockInfo::fault).containsExactly("", "there is no cut below it");
        assertThat(draft(graph).blocks()).containsExactly("low");
    }

    @Test
    void shouldDraftNoBlockBelowAnOperatorWithoutAGradient() {
        GraphProto.Builder graph = network(0);
        graph.setNode(3, TestModels.node("Atan", "hidden", "joined"));
        graph.addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));

        ModelInspection model = inspect(graph);

        assertThat(model.blocks().get(0).fault()).contains("(Atan, opset 13)", "gradient rule");
        assertThat(draft(graph).blocks()).isEmpty();
    }

    @Test
    void shouldDraftNoBlockWhoseGradientWouldPassABound() {
        GraphProto.Builder graph = network(0)
                .addInitializer(Tensors.real("far", TestModels.FLOAT, 0.5))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));
        graph.setNode(3, TestModels.node("Clip", "hidden", "joined", "floor"))
                .addNode(3, TestModels.node("Sub", "floor", "loudest", "far"))
                .addNode(
                        3,
                        TestModels.node("ReduceMax", "loudest", "joined").toBuilder()
                                .addAttribute(attribute("keepdims", 0))
                                .build());

        assertThat(inspect(graph).blocks().get(0).fault()).contains("has a bound whose gradient is wanted");
        assertThat(draft(graph).blocks()).isEmpty();
    }

    @Test
    void shouldSayThatNothingCanBeUnfrozenWhereNoCutIsBelowTheLowestLayer() {
        BaseModelManifest draft = draft(GraphProto.newBuilder()
                .setName("one layer")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(12), 4, 3))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w"))
                .addNode(TestModels.node("Tanh", "features", "mixed"))
                .addOutput(TestModels.value("features", TestModels.FLOAT, 0, 3)));

        assertThatThrownBy(() -> unfreeze(draft))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has no cut below its features above which layers could be trained, but is 1")
                .hasMessageContaining("choose training.strategy linear-probe");
    }

    /** A voice detector that holds a network for each of two sample rates. */
    @Test
    void shouldSayThatASubgraphHoldsTheLayersWhereItDoes() {
        GraphProto branch = GraphProto.newBuilder()
                .setName("rate")
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(32), 4, 8))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w"))
                .addNode(TestModels.node("Tanh", "bounded", "mixed"))
                .addOutput(TestModels.value("bounded", TestModels.FLOAT, 0, 8))
                .build();
        BaseModelManifest draft = draft(GraphProto.newBuilder()
                .setName("two rates")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInput(TestModels.value("sr", TestModels.LONG))
                .addInitializer(TensorProto.newBuilder()
                        .setName("high")
                        .setDataType(DataType.INT64_VALUE)
                        .addInt64Data(16_000))
                .addNode(TestModels.node("Equal", "isHigh", "sr", "high"))
                .addNode(TestModels.node("If", "features", "isHigh").toBuilder()
                        .addAttribute(TestModels.branch("then_branch", branch))
                        .addAttribute(TestModels.branch("else_branch", branch))
                        .build())
                .addOutput(TestModels.value("features", TestModels.FLOAT, 0, 8)));

        assertThatThrownBy(() -> unfreeze(draft))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("could be trained (node 'features' computes them in a subgraph)");
    }

    private static void unfreeze(BaseModelManifest manifest) {
        AdaptationConfig config = AdaptationConfig.of("a", TaskKind.TENSOR_CLASSIFICATION, "mine")
                .withStrategy(new StrategyConfig(
                        StrategyConfig.AUTO, Strategy.FINE_TUNE, 1, PhaseBy.STEPS, 1, TopConfig.DEFAULT));
        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config).close();
    }

    @ParameterizedTest
    @CsvSource({"NCHW, 28, 28, pixels", "NHWC, 28, 28, anything", "NCHW, 32, 24, image"})
    void shouldDraftGreyImages(ImageLayout layout, int height, int width, String name) {
        long[] shape = layout == ImageLayout.NCHW ? new long[] {0, 1, height, width} : new long[] {0, height, width, 1};
        GraphProto.Builder graph = flattened(name, height * width, shape);

        ImageInput input = (ImageInput) draft(graph).input();

        assertThat(input.channels()).isEqualTo(Channels.GREY);
        assertThat(input.layout()).isEqualTo(layout);
        assertThat(input.mean()).hasSize(1);
        assertThat(List.of(input.height(), input.width())).containsExactly(height, width);
        try (OnnxBackbone backbone = OnnxBackbone.open(draft(graph))) {
            assertThat(backbone.features(List.of(new ModelInput.Pixels(new float[height * width])))
                            .get(0))
                    .hasSize(3);
        }
    }

    @Test
    void shouldNotTakeASpectrogramForAGreyImage() {
        assertThat(draft(flattened("mel_frames", 64, 0, 1, 8, 8)).input())
                .isEqualTo(new TensorInput("mel_frames", List.of(1, 8, 8), List.of()));
    }

    /** Models that are exported for one batch size, such as 8, fail on any other unless their axis is freed. */
    @Test
    void shouldFreeABatchThatIsFixedAtSeveralRows() {
        GraphProto.Builder graph = network(8).addOutput(TestModels.value("scores", TestModels.FLOAT, 8, 2));

        assertThat(inspect(graph).fault()).isEmpty();
        try (OnnxBackbone backbone = OnnxBackbone.open(draft(graph))) {
            assertThat(backbone.isBatched()).isTrue();
            assertThat(backbone.features(List.of(ones(4))).get(0)).hasSize(5);
        }
    }

    @Test
    void shouldDraftAsManyTokensAsTheModelReads() {
        int positions = 21;
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("text")
                .addInput(TestModels.value("input_ids", TestModels.LONG, 0, -1))
                .addInitializer(TestModels.weight("words", TestModels.FLOAT, TestModels.ramp(400), 100, 4))
                .addInitializer(TestModels.weight("places", TestModels.FLOAT, TestModels.ramp(84), positions, 4))
                .addInitializer(Tensors.integer("zero", 0))
                .addInitializer(Tensors.integer("one", 1))
                .addNode(TestModels.node("Gather", "embedded", "words", "input_ids"))
                .addNode(TestModels.node("Shape", "shape", "input_ids"))
                .addNode(TestModels.node("Gather", "length", "shape", "one"))
                .addNode(TestModels.node("Range", "range", "zero", "length", "one"))
                .addNode(TestModels.node("Gather", "placed", "places", "range"))
                .addNode(TestModels.node("Add", "hidden_states", "embedded", "placed"))
                .addOutput(TestModels.value("hidden_states", TestModels.FLOAT, 0, -1, 4));

        ModelInspection model = inspect(graph);

        assertThat(model.fault()).isEmpty();
        assertThat(model.positions()).isEqualTo(positions);
        assertThat(((TextInput) draft(graph).input()).maxTokens()).isEqualTo(positions);
    }

    @Test
    void shouldSayWhyNoDraftCanBeUsed() {
        // Given a model whose features are NaN for all inputs
        GraphProto.Builder graph = network(0).addInitializer(Tensors.real("nan", TestModels.FLOAT, Double.NaN));
        graph.setNode(0, TestModels.node("Mul", "broken", "observation", "nan"))
                .addNode(1, TestModels.node("MatMul", "mixed", "broken", "w1"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));

        ModelInspection model = inspect(graph);

        assertThat(model.fault()).contains("'hidden' must be finite");
        assertThatThrownBy(() -> draft(graph))
                .hasMessageContaining("no manifest of the model can be drafted")
                .hasMessageContaining("'hidden' must be finite");
    }

    /** observation [rows, 4] → w1, Tanh → "low" [rows, 6] → w2, Tanh → "hidden" [rows, 5] → w3 → "scores" [rows, 2]. */
    private static GraphProto.Builder network(long rows) {
        return GraphProto.newBuilder()
                .setName("network")
                .addInput(TestModels.value("observation", TestModels.FLOAT, rows, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(24), 4, 6))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(30), 6, 5))
                .addInitializer(TestModels.weight("w3", TestModels.FLOAT, TestModels.ramp(10), 5, 2))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addNode(TestModels.node("MatMul", "joined", "low", "w2"))
                .addNode(TestModels.node("Tanh", "hidden", "joined"))
                .addNode(TestModels.node("MatMul", "scores", "hidden", "w3"));
    }

    /** observation [N, 3] → bytes → product with ones → Reshape → product → "scores" [N, 2]. */
    private static GraphProto.Builder quantised() {
        return GraphProto.newBuilder()
                .setName("quantised")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 3))
                .addInitializer(Tensors.real("scale", TestModels.FLOAT, 0.1))
                .addInitializer(TensorProto.newBuilder()
                        .setName("zero")
                        .setDataType(DataType.INT8_VALUE)
                        .addInt32Data(0))
                .addInitializer(bytes("w1", 3, 3))
                .addInitializer(bytes("w2", 3, 2))
                .addInitializer(Tensors.integers("shape", -1, 3))
                .addNode(TestModels.node("QuantizeLinear", "bytes", "observation", "scale", "zero"))
                .addNode(TestModels.node(
                        "QLinearMatMul", "low", "bytes", "scale", "zero", "w1", "scale", "zero", "scale", "zero"))
                .addNode(TestModels.node("Reshape", "flat", "low", "shape"))
                .addNode(TestModels.node(
                        "QLinearMatMul", "last", "flat", "scale", "zero", "w2", "scale", "zero", "scale", "zero"))
                .addNode(TestModels.node("DequantizeLinear", "scores", "last", "scale", "zero"));
    }

    /** Weights of ten, which is 1 with a scale of 0.1. */
    private static TensorProto bytes(String name, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.INT8_VALUE);
        long size = 1;
        for (long axis : shape) {
            tensor.addDims(axis);
            size *= axis;
        }
        for (int i = 0; i < size; i++) {
            tensor.addInt32Data(10);
        }
        return tensor.build();
    }

    /** An input of {@code size} values → Flatten → "flat" → "features" [N, 3]. */
    private static GraphProto.Builder flattened(String input, int size, long... shape) {
        return GraphProto.newBuilder()
                .setName("flattened")
                .addInput(TestModels.value(input, TestModels.FLOAT, shape))
                .addInitializer(TestModels.weight("w", TestModels.FLOAT, TestModels.ramp(3 * size), size, 3))
                .addNode(TestModels.node("Flatten", "flat", input))
                .addNode(TestModels.node("MatMul", "mixed", "flat", "w"))
                .addNode(TestModels.node("Tanh", "features", "mixed"))
                .addOutput(TestModels.value("features", TestModels.FLOAT, 0, 3));
    }

    private static ModelInput ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return new ModelInput.Numbers(ones);
    }

    private ModelInspection inspect(GraphProto.Builder graph) {
        return OnnxInspector.inspect(write(graph));
    }

    private BaseModelManifest draft(GraphProto.Builder graph) {
        Path file = write(graph);
        Known known = new Known("mine", Optional.empty(), Optional.empty());
        return ManifestDraft.of(file, OnnxInspector.inspect(file), known).manifest();
    }

    private Path write(GraphProto.Builder graph) {
        return Path.of(TestModels.write(
                        folder,
                        TestModels.model(graph.build()).toBuilder()
                                .addOpsetImport(OperatorSetIdProto.newBuilder()
                                        .setDomain("com.microsoft")
                                        .setVersion(1))
                                .build()
                                .toByteArray())
                .location());
    }
}
