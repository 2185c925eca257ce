package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.domain.Digest;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.Logits;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.OutputLayer;
import io.headwater.engine.Softmax;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a learned weighted sum of several layers below the output layer. */
class ScalarMixTest {
    private static final String BERT_LAYERS = "embeddings.norm+encoder.layer.0.norm2+encoder.layer.1.norm2";
    private static final int SAMPLES = 7;
    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BERT, " + BERT_LAYERS,
        "GPT, h.embedded+h.1",
        "ELMO, embedded+lstm.0+lstm.1",
        "FUSED, encoder.layer.1.norm2+embedded+encoder.layer.0.norm2",
        "SQUEEZE, fire2+fire3",
        "RESNET, stem+layer1",
        "WAVE, layer+encoded",
        "POLICY, mlp.2+mlp.0+mlp.1"
    })
    void shouldAnswerFromTheScaledSumOfThePooledLayers(TestNetworks network, String layers) {
        List<String> tensors = List.of(layers.split("\\+"));
        BaseModelManifest manifest = network.manifest(folder);
        try (TopRig rig = rig(network, manifest, mixing(tensors), TopRig.PLAIN);
                Head head = moved(rig, tensors.size())) {
            Map<String, Tensor.F32> parameters = head.state().parameters();

            float[][] answers = head.probabilities(rig.features());

            for (int row = 0; row < SAMPLES; row++) {
                assertThat(rig.features()[row]).hasSameSizeAs(rig.features()[0]);
                double[] mixed = mixed(rig.features()[row], parameters, manifest.normalise());
                assertThat(answers[row]).containsExactly(answer(mixed, parameters), within(1e-5f));
            }
        }
    }

    @Test
    void shouldPoolEachLayerAsABackboneThatEndsThere() {
        TestNetworks network = TestNetworks.GPT;
        BaseModelManifest manifest = network.manifest(folder);
        try (TopRig mix = rig(network, manifest, mixing(List.of("h.embedded", "h.0")), TopRig.PLAIN);
                TopRig low = rig(network, manifest, StrategyConfig.DEFAULT.at("h.embedded"), TopRig.PLAIN);
                TopRig high = rig(network, manifest, StrategyConfig.DEFAULT.at("h.0"), TopRig.PLAIN)) {
            for (int row = 0; row < SAMPLES; row++) {
                float[] both = mix.features()[row];

                assertThat(Arrays.copyOfRange(both, 0, both.length / 2)).containsExactly(low.features()[row]);
                assertThat(Arrays.copyOfRange(both, both.length / 2, both.length))
                        .containsExactly(high.features()[row]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BERT, " + BERT_LAYERS + ", 0",
        "BERT, " + BERT_LAYERS + ", 4",
        "GPT, h.embedded+h.0+h.1, 0",
        "SQUEEZE, fire2+fire3, 0",
        "POLICY, mlp.0+mlp.1+mlp.2, 0"
    })
    void shouldAgreeWithDifferencesOfTheLoss(TestNetworks network, String layers, int hidden) {
        List<String> tensors = List.of(layers.split("\\+"));
        AdaptationConfig config =
                TopRig.config(network.task(), mixing(tensors), TopRig.PLAIN).withHead(new HeadConfig(hidden));
        try (TopRig rig =
                        TopRig.open(network.manifest(folder), config, network.samples(SAMPLES, 9), Compute.ONE_THREAD);
                Head head = moved(rig, tensors.size())) {
            Map<String, Tensor.F32> start = head.state().parameters();
            rig.train(head, 0, SAMPLES);

            Map<String, float[]> gradients = rig.gradients(head);

            for (String name : List.of("mix/s", "mix/gamma")) {
                float[] gradient = Objects.requireNonNull(gradients.get(name));
                assertThat(gradient).as(name).hasSize(name.equals("mix/s") ? tensors.size() : 1);
                for (int i = 0; i < gradient.length; i++) {
                    double slope = (loss(rig, start, name, i, 0.02f) - loss(rig, start, name, i, -0.02f)) / 0.04;
                    assertThat((double) gradient[i])
                            .as(name + " " + i)
                            .isCloseTo(slope, within(2e-4 + 2e-3 * Math.abs(slope)));
                    assertThat(Math.abs(slope)).as("a slope to measure").isGreaterThan(1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ALL, 0, 0, ADAMW, 1", "ALL, 5, 0.3, ADAM, 2", "LORA, 0, 0, SGD, 1", "BIASES, 0, 0.2, ADAM, 1"})
    void shouldLearnTheSameBitsWhenInterrupted(
            TopParameters parameters, int hidden, double dropout, Updater updater, int threads) {
        TestNetworks network = TestNetworks.BERT;
        double decay = updater == Updater.ADAMW ? 0.01 : 0;
        OptimiserConfig rule = new OptimiserConfig(updater, 0.9, decay, Schedule.COSINE, 2, 20, 1, 0.5, 0.5, 0.01);
        TopConfig top =
                new TopConfig(parameters, 2, 4, dropout, List.of(BERT_LAYERS.split("\\+")), BatchStatistics.KEEP);
        StrategyConfig strategy =
                new StrategyConfig(StrategyConfig.AUTO, Strategy.LINEAR_PROBE, 0, PhaseBy.STEPS, 2, top);
        AdaptationConfig config = TopRig.config(network.task(), strategy, rule).withHead(new HeadConfig(hidden));
        BaseModelManifest manifest = network.manifest(folder);
        try (TopRig rig = TopRig.open(manifest, config, network.samples(24, 4), Compute.ofThreads(threads))) {
            Map<String, List<Float>> whole = learned(rig, false);

            assertThat(whole).containsKeys("mix/s", "mix/gamma", "output/W", "output/b");
            assertThat(whole.get("mix/gamma")).isNotEqualTo(List.of(1f));
            assertThat(learned(rig, true)).isEqualTo(whole);
        }
    }

    @Test
    void shouldStartFromEqualSharesAndLearnNothingElseThanTheHead() {
        try (TopRig rig = rig(TestNetworks.BERT, mixing(List.of(BERT_LAYERS.split("\\+"))));
                Head head = rig.model().heads().create(CLASSES)) {
            Map<String, Tensor.F32> parameters = head.state().parameters();

            assertThat(parameters).containsOnlyKeys("mix/s", "mix/gamma", "output/W", "output/b");
            assertThat(TopRig.values(parameters, "mix/s")).containsExactly(0, 0, 0);
            assertThat(TopRig.values(parameters, "mix/gamma")).containsExactly(1);
        }
    }

    /** Two layers of the same width, of which only one holds information about the class. */
    @Test
    void shouldLearnWhichLayerTells() {
        Random random = new Random(3);
        List<ModelInput> samples = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            float sign = i % 2 == 0 ? 1 : -1;
            float[] observation = {sign + (float) random.nextGaussian() / 2, gaussian(random), gaussian(random)};
            samples.add(new ModelInput.Numbers(observation));
        }
        OptimiserConfig adam = TopRig.optimiser(Updater.ADAM, 0.9, 1, 0);
        AdaptationConfig config =
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, mixing(List.of("noise", "signal", "more noise")), adam);

        try (TopRig rig = TopRig.open(threeLayers(), config, samples, Compute.ONE_THREAD);
                Head head = rig.model().heads().create(2)) {
            double before = rig.train(head, 0, 300);
            for (int step = 0; step < 300; step++) {
                rig.train(head, 0, 300);
            }

            double[] shares = shares(TopRig.values(head.state().parameters(), "mix/s"));
            assertThat(shares[1]).isGreaterThan(0.45);
            assertThat(shares[0]).isLessThan(0.3);
            assertThat(shares[2]).isLessThan(0.3);
            assertThat(rig.train(head, 0, 300)).isLessThan(before / 2);
        }
    }

    @Test
    void shouldNameItsFeaturesByTheLayersAndTheirOrder() {
        BaseModelManifest manifest = TestNetworks.POLICY.manifest(folder);
        List<StrategyConfig> strategies = List.of(
                StrategyConfig.DEFAULT,
                mixing(List.of("mlp.0", "mlp.1")),
                mixing(List.of("mlp.1", "mlp.0")),
                mixing(List.of("mlp.0", "mlp.1", "mlp.2")));
        List<Digest> digests = new ArrayList<>();
        List<String> forms = new ArrayList<>();

        for (StrategyConfig strategy : strategies) {
            try (TopRig rig = rig(TestNetworks.POLICY, manifest, strategy, TopRig.PLAIN)) {
                digests.add(rig.model().backbone().digest());
                forms.add(rig.model().heads().form());
            }
        }

        assertThat(digests).doesNotHaveDuplicates();
        assertThat(forms).doesNotHaveDuplicates();
    }

    @Test
    void shouldRefuseTensorsOfUnequalShapes() {
        assertThatThrownBy(() -> rig(TestNetworks.RESNET, mixing(List.of("layer1", "layer2"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.scalar-mix must name tensors of the same shape, but for a first input"
                        + " 'layer1' has [1, 6, 8, 8] and 'layer2' has [1, 8, 4, 4]; leave out one of them");
    }

    @Test
    void shouldRefuseATensorThatTheModelDoesNotCompute() {
        assertThatThrownBy(() -> rig(TestNetworks.POLICY, mixing(List.of("mlp.0", "mlp.7"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.scalar-mix must name tensors that a node of base model 'network'"
                        + " computes, but none computes 'mlp.7'; the nearest names are [mlp.0, mlp.1, mlp.2");
    }

    @Test
    void shouldRefuseAGraphModel() {
        ModelFile file = new ModelFile("/no/model.safetensors", Digest.of(new byte[0]));
        TensorInput input = new TensorInput("in", List.of(4), List.of());
        BaseModelManifest manifest = new BaseModelManifest("graph", "none", file, input, "dense", Pooling.NONE, false);
        AdaptationConfig config =
                TopRig.config(TaskKind.TENSOR_CLASSIFICATION, mixing(List.of("a", "b")), TopRig.PLAIN);

        assertThatThrownBy(
                        () -> BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.scalar-mix must be empty with the graph base model 'graph', whose heads"
                        + " read one vertex, but is [a, b]; leave it out or take an ONNX model");
    }

    /**
     * An exported model can be a base model again; its mix is trained further with the layers unfrozen above a lower
     * cut.
     */
    @Test
    void shouldTakeUpTheMixOfAnExportButRefuseASecondOne() {
        TestNetworks network = TestNetworks.WAVE;
        BaseModelManifest manifest = network.manifest(folder);
        AdaptationConfig config = TopRig.config(network.task(), mixing(List.of("layer", "encoded")), TopRig.PLAIN);
        byte[] exported;
        try (TopRig rig = TopRig.open(manifest, config, network.samples(SAMPLES, 9), Compute.ONE_THREAD);
                Head head = moved(rig, 2)) {
            exported = OnnxExport.write(
                    manifest, config, OutputLayer.CLASSES, head.state().parameters(), Map.of());
        }
        BaseModelManifest again = new BaseModelManifest(
                "again", "none", TestModels.write(folder, exported), manifest.input(), "top/mix", Pooling.MEAN, false);
        StrategyConfig above = TopRig.fineTune(0).at("layer");

        try (TopRig rig = rig(network, again, above, TopRig.PLAIN);
                Head head = rig.head(CLASSES)) {
            assertThat(TopRig.values(head.state().parameters(), "mix/s")).containsExactly(-0.5f, 0.7f - 0.5f);
            assertThat(TopRig.values(head.state().parameters(), "mix/gamma")).containsExactly(1);
            assertThat(head.state().parameters()).containsKey("encoder.0.weight");
        }
        assertThatThrownBy(() -> rig(network, again, mixing(List.of("layer", "encoded")), TopRig.PLAIN))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "training.scalar-mix must be empty with base model 'again', which was exported with a"
                                + " mix, 'top/mix', but is [layer, encoded]; leave it out");
    }

    @Test
    void shouldLearnFromAllLayersOfMiniLm() {
        BaseModelManifest miniLm = BaseModelFile.builtIn("minilm");
        OptimiserConfig adam = TopRig.optimiser(Updater.ADAM, 0.9, 1, 0);
        List<ModelInput> samples = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 12; i++) {
            long[] ids = random.longs(4 + i, 1000, 30000).toArray();
            ids[0] = 101;
            ids[ids.length - 1] = 102;
            samples.add(new ModelInput.Tokens(ids));
        }
        AdaptationConfig config = TopRig.config(TaskKind.TEXT_CLASSIFICATION, mixing(miniLmLayers()), adam);

        try (TopRig rig = TopRig.open(miniLm, config, samples, Compute.ONE_THREAD);
                Head head = rig.model().heads().create(CLASSES)) {
            assertThat(List.of(rig.features()))
                    .allSatisfy(row -> assertThat(row).hasSize(7 * 384));
            double first = rig.train(head, 0, 12);
            for (int step = 0; step < 60; step++) {
                rig.train(head, 0, 12);
            }

            assertThat(rig.train(head, 0, 12)).isLessThan(first / 2);
            assertThat(TopRig.values(head.state().parameters(), "mix/s")).doesNotContain(0);
            assertThat(TopRig.values(head.state().parameters(), "mix/gamma")[0]).isGreaterThan(1);
        }
    }

    /** Returns the names of the built-in encoder's embeddings and of the outputs of its six layers. */
    static List<String> miniLmLayers() {
        List<String> layers = new ArrayList<>(List.of("/embeddings/LayerNorm/Add_1_output_0"));
        for (int layer = 0; layer < 5; layer++) {
            layers.add("/encoder/layer." + layer + "/output/LayerNorm/Add_1_output_0");
        }
        layers.add("output_0");
        return layers;
    }

    static StrategyConfig mixing(List<String> tensors) {
        TopConfig top = new TopConfig(TopParameters.ALL, 8, 16, 0, tensors, BatchStatistics.KEEP);
        return new StrategyConfig(StrategyConfig.AUTO, Strategy.LINEAR_PROBE, 0, PhaseBy.STEPS, 1, top);
    }

    private TopRig rig(TestNetworks network, StrategyConfig strategy) {
        return rig(network, network.manifest(folder), strategy, TopRig.PLAIN);
    }

    private static TopRig rig(
            TestNetworks network, BaseModelManifest manifest, StrategyConfig strategy, OptimiserConfig optimiser) {
        AdaptationConfig config = TopRig.config(network.task(), strategy, optimiser);
        return TopRig.open(manifest, config, network.samples(SAMPLES, 9), Compute.ONE_THREAD);
    }

    /** Returns a head with a random output layer and a mix that differs from its initial state. */
    private static Head moved(TopRig rig, int tensors) {
        float[] scores = new float[tensors];
        for (int i = 0; i < tensors; i++) {
            scores[i] = 0.7f * i - 0.5f;
        }
        try (Head random = rig.head(CLASSES)) {
            Map<String, Tensor.F32> parameters = new TreeMap<>(random.state().parameters());
            parameters.put("mix/s", new Tensor.F32(new int[] {tensors}, scores));
            parameters.put("mix/gamma", new Tensor.F32(new int[] {1}, new float[] {1.3f}));
            return rig.model().heads().restore(HeadState.ofParameters(parameters));
        }
    }

    private static double loss(TopRig rig, Map<String, Tensor.F32> parameters, String name, int at, float by) {
        Map<String, Tensor.F32> moved = new TreeMap<>(parameters);
        moved.computeIfPresent(name, (same, tensor) -> {
            float[] values = tensor.values().clone();
            values[at] += by;
            return new Tensor.F32(tensor.shape(), values);
        });
        try (Head head = rig.model().heads().restore(HeadState.ofParameters(moved))) {
            return rig.train(head, 0, SAMPLES);
        }
    }

    // The head's computation in plain double precision.

    private static double[] shares(float[] scores) {
        double sum = 0;
        double[] shares = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            shares[i] = Math.exp(scores[i]);
            sum += shares[i];
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private static double[] mixed(float[] row, Map<String, Tensor.F32> parameters, boolean normalise) {
        double[] shares = shares(TopRig.values(parameters, "mix/s"));
        double[] sum = new double[row.length / shares.length];
        for (int i = 0; i < row.length; i++) {
            sum[i % sum.length] += shares[i / sum.length] * row[i];
        }
        double scale = TopRig.values(parameters, "mix/gamma")[0];
        if (normalise) {
            scale /= Math.sqrt(Arrays.stream(sum).map(value -> value * value).sum());
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= scale;
        }
        return sum;
    }

    private static float[] answer(double[] features, Map<String, Tensor.F32> parameters) {
        float[] weights = TopRig.values(parameters, "output/W");
        float[] logits = TopRig.values(parameters, "output/b").clone();
        for (int i = 0; i < features.length; i++) {
            for (int k = 0; k < logits.length; k++) {
                logits[k] += (float) (features[i] * weights[i * logits.length + k]);
            }
        }
        double[] probabilities =
                Softmax.ofRow(Logits.wide(logits), 0, logits.length).probabilities();
        float[] rounded = new float[logits.length];
        for (int k = 0; k < rounded.length; k++) {
            rounded[k] = (float) probabilities[k];
        }
        return rounded;
    }

    private static Map<String, List<Float>> learned(TopRig rig, boolean interrupted) {
        Head head = rig.model().heads().create(2);
        for (int step = 0; step < 8; step++) {
            HeadState state = head.state();
            if (interrupted || step == 4) {
                head.close();
                head = rig.model().heads().restore(step == 4 ? HeadGrowth.grown(state, CLASSES) : state);
            }
            rig.train(head, 3 * step, 3 * step + 3);
        }
        HeadState state = head.state();
        head.close();
        Map<String, List<Float>> learned = new TreeMap<>();
        state.parameters().forEach((name, tensor) -> learned.put(name, floats(tensor)));
        state.optimiser().forEach((name, tensor) -> learned.put("optimiser " + name, floats(tensor)));
        return learned;
    }

    private static List<Float> floats(Tensor.F32 tensor) {
        List<Float> floats = new ArrayList<>();
        for (float value : tensor.values()) {
            floats.add(value);
        }
        return floats;
    }

    private BaseModelManifest threeLayers() {
        NetworkBuilder net = new NetworkBuilder("layers", 13, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 3)
                .output("signal", TestModels.FLOAT, 0, 2);
        net.constant("first", new float[] {1, -1, 0, 0, 0, 0}, 3, 2);
        net.constant("second", new float[] {0, 0, 1, -1, 0, 0}, 3, 2);
        net.constant("third", new float[] {0, 0, 0, 0, 1, -1}, 3, 2);
        net.node("MatMul", "signal", List.of("wave", "first"));
        net.node("MatMul", "noise", List.of("wave", "second"));
        net.node("MatMul", "more noise", List.of("wave", "third"));
        ModelFile file = TestModels.write(folder, net.build().toByteArray());
        TensorInput input = new TensorInput("wave", List.of(3), List.of());
        return new BaseModelManifest("layers", "none", file, input, "signal", Pooling.NONE, false);
    }

    private static float gaussian(Random random) {
        return (float) random.nextGaussian();
    }
}
