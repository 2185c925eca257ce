package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.HeadConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.Objective;
import io.headwater.engine.OutputActivation;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.Softmax;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.OnnxModelFile;
import io.headwater.engine.weights.Tensor;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests versions exported to the ONNX file of MiniLM, which is run with plain ONNX Runtime. */
class OnnxExportTest {
    private static final BaseModelManifest MINI_LM = BaseModelFile.builtIn("minilm");
    private static final List<ModelInput> SENTENCES = List.of(
            new ModelInput.Tokens(new long[] {101, 2023, 3185, 2001, 2307, 102}),
            new ModelInput.Tokens(new long[] {101, 4569, 102}),
            new ModelInput.Tokens(new long[] {101, 1996, 5440, 2001, 9145, 1998, 3147, 4030, 102}));

    @ParameterizedTest
    @CsvSource({
        "LINEAR_PROBE, 0, ALL, 0",
        "LINEAR_PROBE, 0, ALL, 5",
        "FINE_TUNE, 1, ALL, 0",
        "FINE_TUNE, 2, BIASES, 4",
        "FINE_TUNE, 1, LORA, 0"
    })
    void shouldSayWhatTheHeadSays(Strategy strategy, int blocks, TopParameters parameters, int hidden)
            throws Exception {
        AdaptationConfig config = config(strategy, blocks, parameters, hidden);
        try (DividedModel model =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(3)) {
            float[][] features = model.backbone().features(SENTENCES).toArray(float[][]::new);
            for (int i = 0; i < 5; i++) {
                head.train(features, new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, new float[] {1, 1, 1});
            }

            byte[] exported = OnnxExport.write(
                    MINI_LM, config, OutputLayer.CLASSES, head.state().parameters(), Map.of("version", "7"));

            float[][] expected = head.probabilities(features);
            float[][] actual = probabilities(exported);
            for (int i = 0; i < expected.length; i++) {
                assertThat(expected[i][i]).as("it learned").isGreaterThan(expected[(i + 1) % 3][i]);
                for (int k = 0; k < 3; k++) {
                    assertThat(actual[i][k]).isCloseTo(expected[i][k], within(1e-4f));
                }
            }
        }
    }

    /** For every token, of single sentences and of sentences in a batch padded to the longest. */
    @ParameterizedTest
    @CsvSource({"LINEAR_PROBE, 0", "FINE_TUNE, 1"})
    void shouldSayOfEveryTokenWhatTheHeadSays(Strategy strategy, int blocks) throws Exception {
        AdaptationConfig config = config(strategy, blocks, TopParameters.ALL, 0);
        OutputLayer output = new OutputLayer(new EveryRow(), true, OutputActivation.SOFTMAX);
        try (DividedModel model =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config, output);
                Head head = model.heads().create(2)) {
            float[][] features = model.backbone().features(SENTENCES).toArray(float[][]::new);
            float[][] targets = {{0, 0, 1, 0, 1, 0}, {0, 1, 0}, {0, 0, 1, 0, 1, 0, 0, 1, 0}};
            double first = head.train(features, targets, new float[] {1, 1, 1});
            for (int i = 0; i < 30; i++) {
                head.train(features, targets, new float[] {1, 1, 1});
            }
            assertThat(head.train(features, targets, new float[] {1, 1, 1})).isLessThan(first / 2);

            byte[] exported =
                    OnnxExport.write(MINI_LM, config, output, head.state().parameters(), Map.of("version", "7"));

            float[][] together = head.logits(features);
            float[] actual = run(exported, "logits");
            int padded = actual.length / SENTENCES.size();
            for (int i = 0; i < features.length; i++) {
                assertThat(together[i]).hasSize(2 * targets[i].length);
                assertThat(head.logits(new float[][] {features[i]})[0]).containsExactly(together[i], within(1e-4f));
                assertThat(Arrays.copyOfRange(actual, i * padded, i * padded + together[i].length))
                        .containsExactly(together[i], within(1e-4f));
            }
            assertThat(run(exported, "probabilities")).hasSize(actual.length);
        }
    }

    /** The mean loss over the rows, where a target names the class of each row. */
    private record EveryRow() implements Objective {
        @Override
        public double gradient(double[] logits, int outputs, float[] target, double[] gradient) {
            double loss = 0;
            for (int row = 0; row < target.length; row++) {
                double[] shares = Softmax.ofRow(logits, row * outputs, outputs).probabilities();
                loss -= Math.log(shares[(int) target[row]]) / target.length;
                for (int i = 0; i < outputs; i++) {
                    gradient[row * outputs + i] = (shares[i] - (i == target[row] ? 1 : 0)) / target.length;
                }
            }
            return loss;
        }
    }

    /** For example, exporters omit the mask output of a dropout. */
    @Test
    void shouldTakeNodesWithOutputsThatAreLeftOut(@TempDir Path folder) throws Exception {
        BaseModelManifest plain = TestModels.text(folder);
        ModelProto.Builder model = OnnxBackbone.model(plain).toBuilder();
        model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals("Tanh"))
                .forEach(node -> node.setOpType("Dropout").addOutput(""));
        BaseModelManifest manifest = new BaseModelManifest(
                "text",
                "none",
                TestModels.write(folder, model.build().toByteArray()),
                plain.input(),
                plain.cut(),
                plain.pooling(),
                plain.normalise());

        byte[] exported = TwoParts.untrained(manifest, "block.1", 8);

        assertThat(run(exported, "block.2"))
                .containsExactly(run(OnnxBackbone.model(manifest).toByteArray(), "block.2"), within(1e-6f));
    }

    @Test
    void shouldSayWhatAMixOfLayersSays() throws Exception {
        AdaptationConfig config = AdaptationConfig.of("test", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withStrategy(ScalarMixTest.mixing(ScalarMixTest.miniLmLayers()));
        try (DividedModel model =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(3)) {
            float[][] features = model.backbone().features(SENTENCES).toArray(float[][]::new);
            for (int i = 0; i < 20; i++) {
                head.train(features, new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, new float[] {1, 1, 1});
            }

            byte[] exported = OnnxExport.write(
                    MINI_LM, config, OutputLayer.CLASSES, head.state().parameters(), Map.of("version", "7"));

            float[][] expected = head.probabilities(features);
            float[][] actual = probabilities(exported);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(1e-4f));
            }
            assertThat(run(exported, "top/mix")).as("[3, 12, 384]").hasSize(3 * 12 * 384);
        }
    }

    @Test
    void shouldTakeAModelWhoseFeaturesAreCalledAsAnOutputOfTheExport(@TempDir Path folder) throws Exception {
        BaseModelManifest plain = TestModels.text(folder);
        ModelProto.Builder model = OnnxBackbone.model(plain).toBuilder();
        model.getGraphBuilder().getOutputBuilder(0).setName("logits");
        model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getOutput(0).equals("block.2"))
                .forEach(node -> node.setOutput(0, "logits"));
        BaseModelManifest manifest = new BaseModelManifest(
                "text",
                "none",
                TestModels.write(folder, model.build().toByteArray()),
                plain.input(),
                "logits",
                plain.pooling(),
                plain.normalise());

        byte[] exported = TwoParts.untrained(manifest, "block.1", 8);

        assertThat(run(exported, "logits/base"))
                .containsExactly(run(OnnxBackbone.model(manifest).toByteArray(), "logits"), within(1e-6f));
        assertThat(run(exported, "logits")).hasSize(2 * SENTENCES.size()).containsOnly(0f);
    }

    @Test
    void shouldKeepWhatIsFrozenByteForByteAndNameWhatWasTrained() throws Exception {
        AdaptationConfig config = config(Strategy.FINE_TUNE, 1, TopParameters.ALL, 0);
        try (DividedModel model =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(2)) {
            Map<String, Tensor.F32> trained = new HashMap<>(head.state().parameters());
            trained.replaceAll((name, tensor) -> shifted(tensor));

            ModelProto exported = OnnxModelFile.parse(
                    OnnxExport.write(MINI_LM, config, OutputLayer.CLASSES, trained, Map.of("lane", "a/b")));

            Map<String, TensorProto> before = initializers(OnnxBackbone.model(MINI_LM));
            Map<String, TensorProto> after = initializers(exported);
            assertThat(trained.keySet())
                    .contains("output/W")
                    .allSatisfy(name -> assertThat(after).containsKey(name));
            after.forEach((name, tensor) -> {
                if (before.containsKey(name)) {
                    assertThat(tensor.getRawData().equals(before.get(name).getRawData()))
                            .as(name)
                            .isEqualTo(!trained.containsKey(name));
                }
            });
            assertThat(after.keySet())
                    .contains("embeddings.word_embeddings.weight")
                    .doesNotContain("pooler.dense.weight");
            assertThat(exported.getMetadataPropsList()).anySatisfy(entry -> {
                assertThat(entry.getKey()).isEqualTo("lane");
                assertThat(entry.getValue()).isEqualTo("a/b");
            });
        }
    }

    @Test
    void shouldGiveTheOriginalFeaturesOfAVersionThatLearnedNothing() throws Exception {
        AdaptationConfig config = config(Strategy.FINE_TUNE, 2, TopParameters.ALL, 0);
        try (DividedModel model =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(2)) {
            byte[] exported = OnnxExport.write(
                    MINI_LM, config, OutputLayer.CLASSES, head.state().parameters(), Map.of());

            float[] original = run(OnnxBackbone.model(MINI_LM).toByteArray(), "output_0");
            float[] written = run(exported, "output_0");

            assertThat(written).hasSameSizeAs(original);
            for (int i = 0; i < original.length; i++) {
                assertThat(written[i]).isCloseTo(original[i], within(1e-5f));
            }
        }
    }

    private static Tensor.F32 shifted(Tensor.F32 tensor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.001f;
        }
        return new Tensor.F32(tensor.shape(), values);
    }

    private static Map<String, TensorProto> initializers(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(TensorProto::getName, tensor -> tensor));
    }

    private static float[][] probabilities(byte[] model) throws Exception {
        float[] flat = run(model, "probabilities");
        int classes = flat.length / SENTENCES.size();
        float[][] rows = new float[SENTENCES.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * classes, (i + 1) * classes);
        }
        return rows;
    }

    private static float[] run(byte[] model, String output) throws Exception {
        int padded = 12;
        long[] ids = new long[SENTENCES.size() * padded];
        long[] mask = new long[ids.length];
        for (int row = 0; row < SENTENCES.size(); row++) {
            long[] tokens = ((ModelInput.Tokens) SENTENCES.get(row)).ids();
            System.arraycopy(tokens, 0, ids, row * padded, tokens.length);
            Arrays.fill(mask, row * padded, row * padded + tokens.length, 1);
        }
        long[] shape = {SENTENCES.size(), padded};
        try (OrtSession session = OnnxRuntime.environment().createSession(model);
                OnnxTensor idsTensor = tensor(ids, shape);
                OnnxTensor maskTensor = tensor(mask, shape);
                OnnxTensor types = tensor(new long[ids.length], shape)) {
            Map<String, OnnxTensor> inputs = new HashMap<>(
                    Map.of("input_ids", idsTensor, "attention_mask", maskTensor, "token_type_ids", types));
            inputs.keySet().retainAll(session.getInputNames());
            try (OrtSession.Result result = session.run(inputs)) {
                var buffer = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                return values;
            }
        }
    }

    private static OnnxTensor tensor(long[] values, long[] shape) throws Exception {
        return OnnxTensor.createTensor(OnnxRuntime.environment(), LongBuffer.wrap(values), shape);
    }

    static AdaptationConfig config(Strategy strategy, int blocks, TopParameters parameters, int hidden) {
        TopConfig top = new TopConfig(parameters, 4, 8, 0);
        AdaptationConfig plain = AdaptationConfig.of("test", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withStrategy(new StrategyConfig(StrategyConfig.AUTO, strategy, blocks, PhaseBy.STEPS, 3, top));
        return plain.withHead(new HeadConfig(hidden));
    }
}
