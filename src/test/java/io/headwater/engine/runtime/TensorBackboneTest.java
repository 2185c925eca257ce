package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.TensorInput;
import io.headwater.engine.Backbone;
import io.headwater.engine.BackboneException;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.onnx.FreeBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests models that read tensors, with a free batch axis and with one of size 1. */
class TensorBackboneTest {
    private static final float[] OBSERVATION = {1, -2, 3, 0.5f};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, scores", "1, scores", "0, hidden", "1, hidden"})
    void shouldGiveTheSameFeaturesAloneAndTogether(int rows, String cut) {
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.policy(rows), cut, Pooling.NONE, 4);
        List<ModelInput> inputs = inputs(40, 4);
        try (OnnxBackbone backbone = OnnxBackbone.open(manifest)) {
            assertThat(backbone.isBatched()).isTrue();
            List<float[]> together = backbone.features(inputs);

            for (int i = 0; i < inputs.size(); i++) {
                assertThat(backbone.features(List.of(inputs.get(i))).get(0)).isEqualTo(together.get(i));
            }
            assertThat(backbone.features(List.of(new ModelInput.Numbers(OBSERVATION)))
                            .get(0))
                    .containsExactly(expected(cut), within(1e-6f));
        }
    }

    @Test
    void shouldRunOneByOneWhereAShapeIsWrittenIntoTheNodes() {
        // Given a reshape to [1, 3], which two rows do not fit
        GraphProto graph = TestModels.policy(1).getGraph().toBuilder()
                .addInitializer(TensorProto.newBuilder()
                        .setName("shape")
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(2)
                        .addInt64Data(1)
                        .addInt64Data(-1))
                .addNode(TestModels.node("Reshape", "flat", "hidden", "shape"))
                .build();
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.model(graph), "flat", Pooling.NONE, 4);

        try (OnnxBackbone backbone = OnnxBackbone.open(manifest)) {
            assertThat(backbone.isBatched()).isFalse();
            assertThat(backbone.width()).isEqualTo(3);
            assertThat(backbone.features(inputs(3, 4))).hasSize(3);
        }
    }

    @Test
    void shouldFreeTheBatchAxisOfInputsAndOutputs() {
        GraphProto freed = FreeBatch.of(TestModels.policy(1).getGraph(), Set.of("observation", "state"))
                .orElseThrow();

        assertThat(freed.getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimParam())
                .isNotEmpty();
        assertThat(freed.getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(1)
                        .getDimValue())
                .isEqualTo(4);
        assertThat(freed.getOutput(0).getType().getTensorType().hasShape()).isFalse();
        assertThat(FreeBatch.of(TestModels.policy(0).getGraph(), Set.of("observation", "state")))
                .isEmpty();
    }

    @Test
    void shouldAverageOverStepsOfASequence() {
        ModelProto doubled = TestModels.model(GraphProto.newBuilder()
                .setName("double")
                .addInput(TestModels.value("observation", TestModels.HALF, 0, 2, 3))
                .addNode(TestModels.node("Add", "sum", "observation", "observation"))
                .addOutput(TestModels.value("sum", TestModels.HALF, 0, 2, 3))
                .build());
        ModelInput input = new ModelInput.Numbers(new float[] {1, 2, 3, 5, 6, 7});

        try (Backbone mean = OnnxBackbone.open(TestModels.tensor(folder, doubled, "sum", Pooling.MEAN, 2, 3));
                Backbone last = OnnxBackbone.open(TestModels.tensor(folder, doubled, "sum", Pooling.LAST, 2, 3))) {
            assertThat(mean.features(List.of(input)).get(0)).containsExactly(6, 8, 10);
            assertThat(last.features(List.of(input)).get(0)).containsExactly(10, 12, 14);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldRunQuantisedModels(int rows) {
        BaseModelManifest manifest = TestModels.tensor(folder, quantised(rows), "mixed", Pooling.NONE, 4);
        try (Backbone backbone = OnnxBackbone.open(manifest)) {
            // Steps of 0.5 for the input and of 0.25 for the weights: 1, -2, 3, 0.5 times columns of 0.25 and -0.5.
            assertThat(backbone.features(List.of(new ModelInput.Numbers(OBSERVATION)))
                            .get(0))
                    .containsExactly(0.625f, -1.25f);
            assertThat(backbone.features(inputs(9, 4))).hasSize(9);
        }
    }

    @Test
    void shouldRefuseAShapeThatDoesNotFit() {
        assertThatThrownBy(() ->
                        OnnxBackbone.open(TestModels.tensor(folder, TestModels.policy(0), "scores", Pooling.NONE, 5)))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("'observation'")
                .hasMessageContaining("[1, 5]");
    }

    @Test
    void shouldNameAnInputThatNobodyFeeds() {
        BaseModelManifest m = TestModels.tensor(folder, TestModels.policy(0), "carried", Pooling.NONE, 4);
        TensorInput alone = new TensorInput("observation", List.of(4), List.of());

        assertThatThrownBy(() -> OnnxBackbone.open(
                        new BaseModelManifest("numbers", "none", m.model(), alone, "carried", Pooling.NONE, false)))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("[state]");
    }

    @Test
    void shouldRejectWhatItDoesNotRead() {
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.policy(0), "scores", Pooling.NONE, 4);
        try (Backbone backbone = OnnxBackbone.open(manifest)) {
            assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Numbers(new float[3]))))
                    .hasMessageContaining("4 values, but has 3");
            assertThatThrownBy(() -> backbone.features(List.of(new ModelInput.Pixels(new float[4]))))
                    .hasMessageContaining("reads tensors, but was given an image");
        }
    }

    /** For example, a spectrogram may be clipped at a fixed distance below its loudest value. */
    @Test
    void shouldTakeRowsOneByOneThatAreHeldAgainstTheLoudestOfABatch(@TempDir Path folder) {
        ModelProto model = TestModels.model(GraphProto.newBuilder()
                .setName("held")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("far", TestModels.FLOAT, new float[] {1e-5f}))
                .addNode(TestModels.node("Abs", "loud", "observation"))
                .addNode(TestModels.node("ReduceMax", "loudest", "loud"))
                .addNode(TestModels.node("Mul", "floor", "loudest", "far"))
                .addNode(TestModels.node("Max", "held", "loud", "floor"))
                .addOutput(TestModels.value("held", TestModels.FLOAT, 0, 4))
                .build());
        BaseModelManifest manifest = TestModels.tensor(folder, model, "held", Pooling.NONE, 4);
        ModelInput loud = new ModelInput.Numbers(new float[] {1e9f, 2, 3, 4});
        ModelInput quiet = new ModelInput.Numbers(new float[] {1, 2, 3, 4});

        try (OnnxBackbone backbone = OnnxBackbone.open(manifest)) {
            assertThat(backbone.features(List.of(loud, quiet)).get(1)).containsExactly(1, 2, 3, 4);
        }
    }

    private static float[] expected(String cut) {
        float[] w1 = TestModels.ramp(12);
        float[] w2 = TestModels.ramp(6);
        float[] hidden = new float[3];
        float[] scores = new float[2];
        for (int j = 0; j < 3; j++) {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                sum += OBSERVATION[i] * w1[i * 3 + j];
            }
            hidden[j] = (float) Math.tanh(sum);
            scores[0] += hidden[j] * w2[j * 2];
            scores[1] += hidden[j] * w2[j * 2 + 1];
        }
        return cut.equals("hidden") ? hidden : scores;
    }

    /** A MatMul between QuantizeLinear and DequantizeLinear, as static quantisation writes it. */
    private static ModelProto quantised(int rows) {
        TensorProto weights = TensorProto.newBuilder()
                .setName("w")
                .setDataType(TensorProto.DataType.INT8_VALUE)
                .addDims(4)
                .addDims(2)
                .addAllInt32Data(List.of(1, -2, 1, -2, 1, -2, 1, -2))
                .build();
        TensorProto zero = TensorProto.newBuilder()
                .setName("zero")
                .setDataType(TensorProto.DataType.INT8_VALUE)
                .addInt32Data(0)
                .build();
        NodeProto matMul = TestModels.node("MatMul", "mixed", "x", "weights");
        return TestModels.model(GraphProto.newBuilder()
                .setName("quantised")
                .addInput(TestModels.value("observation", TestModels.FLOAT, rows, 4))
                .addInitializer(weights)
                .addInitializer(zero)
                .addInitializer(TestModels.weight("step", TestModels.FLOAT, new float[] {0.5f}))
                .addInitializer(TestModels.weight("small", TestModels.FLOAT, new float[] {0.25f}))
                .addNode(TestModels.node("QuantizeLinear", "q", "observation", "step", "zero"))
                .addNode(TestModels.node("DequantizeLinear", "x", "q", "step", "zero"))
                .addNode(TestModels.node("DequantizeLinear", "weights", "w", "small", "zero"))
                .addNode(matMul)
                .addOutput(TestModels.value("mixed", TestModels.FLOAT, rows, 2))
                .build());
    }

    private static List<ModelInput> inputs(int count, int size) {
        List<ModelInput> inputs = new ArrayList<>();
        for (float[] values : FloatInputs.trials(count, size)) {
            inputs.add(new ModelInput.Numbers(values));
        }
        return inputs;
    }
}
