package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.BackboneException;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests batch normalisation whose running statistics are updated by the steps. */
class RunningStatisticsTest {
    private static final OptimiserConfig ADAM = TopRig.optimiser(Updater.ADAM, 0.9, 1, 0);
    private static final int CHANNELS = 3;
    private static final double EPSILON = 1e-3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"7, 4", "9, 1", "13, 4", "14, 4", "15, 1", "18, 4", "21, 1"})
    void shouldFollowThoseOfTheSteps(int opset, int places) {
        float momentum = 0.7f;
        BaseModelManifest manifest = normalising(opset, places, NetworkBuilder.real("momentum", momentum));
        try (TopRig rig = rig(manifest, fineTune(), ADAM, 60, places);
                Head head = rig.head(2)) {
            double[] mean = doubles(head, "norm.running_mean");
            double[] variance = doubles(head, "norm.running_var");
            int[] ends = {6, 9, 49, 60}; // the third step has more rows than one run normally processes
            int from = 0;
            for (int end : ends) {
                double[][] measured = measured(rig, from, end, places);
                rig.train(head, from, end);
                for (int c = 0; c < CHANNELS; c++) {
                    mean[c] = momentum * mean[c] + (1 - momentum) * measured[0][c];
                    variance[c] = momentum * variance[c] + (1 - momentum) * measured[1][c];
                }
                assertThat(doubles(head, "norm.running_mean")).containsExactly(mean, within(1e-5));
                assertThat(doubles(head, "norm.running_var")).containsExactly(variance, within(1e-5));
                from = end;
            }
        }
    }

    /** The default momentum is 0.9. */
    @Test
    void shouldMoveByTheMomentumOfTheOperatorWithoutOne() {
        try (TopRig rig = rig(normalising(13, 4), fineTune(), ADAM, 8, 4);
                Head head = rig.head(2)) {
            double before = doubles(head, "norm.running_mean")[0];
            rig.train(head, 0, 8);
            double expected = 0.9 * before + 0.1 * measured(rig, 0, 8, 4)[0][0];
            assertThat(doubles(head, "norm.running_mean")[0]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void shouldAnswerByTheRunningOnesAndLearnByThoseOfTheStep() {
        int places = 4;
        try (TopRig rig = rig(normalising(13, places), fineTune(), ADAM, 12, places);
                Head head = rig.head(2)) {
            double[][] step = measured(rig, 0, 12, places);
            double expected = loss(rig, logits(rig, head.state().parameters(), step[0], step[1], places));
            assertThat(rig.train(head, 0, 12)).isCloseTo(expected, within(1e-5));
            rig.train(head, 0, 12);

            Map<String, Tensor.F32> learned = head.state().parameters();
            double[][] logits =
                    logits(rig, learned, doubles(head, "norm.running_mean"), doubles(head, "norm.running_var"), places);
            try (Head answering = rig.model().heads().answering(learned)) {
                float[][] answers = answering.probabilities(rig.features());
                for (int row = 0; row < answers.length; row++) {
                    double second = 1 / (1 + Math.exp(logits[row][0] - logits[row][1]));
                    assertThat((double) answers[row][1]).isCloseTo(second, within(1e-5));
                    assertThat(answering.probabilities(new float[][] {rig.features()[row]})[0])
                            .as("alone")
                            .containsExactly(answers[row], within(1e-6f));
                }
                assertThat(head.probabilities(rig.features())).isDeepEqualTo(answers);
            }
        }
    }

    /** Gradients through the statistics of the step itself, in a smooth top with one normalisation above another. */
    @ParameterizedTest
    @ValueSource(ints = {9, 13, 15, 18})
    void shouldHaveTheGradientsOfTheLoss(int opset) {
        NetworkBuilder net = new NetworkBuilder("smooth", opset, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 2, 3)
                .output("features", TestModels.FLOAT, 0, 4, 3);
        net.node("Identity", "low", List.of("wave"));
        net.matrix("first.weight", 2, 4, 2, 1);
        String first = net.node("Conv", "first", List.of("low", "first.weight"));
        String lower = net.node("Tanh", "lower", List.of(net.batchNormalisation("norm1", first, 4)));
        net.matrix("second.weight", 8, 4, 4, 3);
        String second = net.node("Conv", "second", List.of(lower, "second.weight"), NetworkBuilder.list("pads", 1, 1));
        net.node("Tanh", "features", List.of(net.batchNormalisation("norm2", second, 4)));
        BaseModelManifest manifest = manifest(net.build(), List.of(2, 3));
        try (TopRig rig = rig(manifest, updating("low"), TopRig.PLAIN, 7, 6);
                Head head = rig.head(3)) {
            Map<String, Tensor.F32> parameters = head.state().parameters();
            rig.train(head, 0, 7);
            Map<String, float[]> gradients = rig.gradients(head);

            assertThat(gradients.keySet()).contains("norm1.weight", "norm2.bias", "first.weight");
            assertThat(parameters.keySet()).containsAll(gradients.keySet()).contains("norm1.running_mean");
            gradients.forEach((name, gradient) -> {
                for (int i = 0; i < gradient.length; i++) {
                    double wide = difference(rig, parameters, name, i, 2e-2f);
                    double narrow = difference(rig, parameters, name, i, 1e-2f);
                    double expected = (4 * narrow - wide) / 3;
                    assertThat((double) gradient[i]).as(name + " " + i).isCloseTo(expected, within(2e-4));
                }
            });
        }
    }

    private static double difference(TopRig rig, Map<String, Tensor.F32> parameters, String name, int at, float by) {
        return (loss(rig, parameters, name, at, by) - loss(rig, parameters, name, at, -by)) / (2 * by);
    }

    private static double loss(TopRig rig, Map<String, Tensor.F32> parameters, String name, int at, float by) {
        Map<String, Tensor.F32> moved = new TreeMap<>(parameters);
        moved.computeIfPresent(name, (same, tensor) -> {
            float[] values = tensor.values().clone();
            values[at] += by;
            return new Tensor.F32(tensor.shape(), values);
        });
        try (Head head = rig.model().heads().restore(HeadState.ofParameters(moved))) {
            return rig.train(head, 0, 7);
        }
    }

    @Test
    void shouldNotCountRowsByTheirWeightInTheLoss() {
        try (TopRig rig = rig(normalising(13, 4), fineTune(), ADAM, 6, 4);
                Head even = rig.head(2);
                Head uneven = rig.head(2)) {
            rig.train(even, 0, 6);
            uneven.train(rig.features(), TopRig.targets(0, 6, 2), new float[] {9, 0.1f, 1, 5, 0.2f, 3});

            assertThat(doubles(uneven, "norm.running_mean")).isEqualTo(doubles(even, "norm.running_mean"));
            assertThat(doubles(uneven, "norm.running_var")).isEqualTo(doubles(even, "norm.running_var"));
            assertThat(doubles(uneven, "output/W")).isNotEqualTo(doubles(even, "output/W"));
        }
    }

    /**
     * Normalising a single row with one value per channel would leave no gradient, so the running statistics are used
     * instead.
     */
    @ParameterizedTest
    @CsvSource({"1, false", "4, true"})
    void shouldStayWhereARowHasNoVariance(int places, boolean moves) {
        try (TopRig rig = rig(normalising(13, places), fineTune(), ADAM, 3, places);
                Head head = rig.head(2)) {
            Map<String, Tensor.F32> before = head.state().parameters();
            double loss = rig.train(head, 0, 1);
            Map<String, Tensor.F32> after = head.state().parameters();

            assertThat(Arrays.equals(
                            TopRig.values(before, "norm.running_var"), TopRig.values(after, "norm.running_var")))
                    .isEqualTo(!moves);
            assertThat(Arrays.equals(TopRig.values(before, "norm.bias"), TopRig.values(after, "norm.bias")))
                    .isFalse();
            assertThat(loss).isFinite();
        }
    }

    /** L2-SP, weight decay and clipping must not affect them. */
    @Test
    void shouldBeNoParametersOfTheOptimiser() {
        OptimiserConfig rule = new OptimiserConfig(Updater.ADAMW, 0.9, 0.5, Schedule.CONSTANT, 0, 1000, 1e-6, 1, 1, 1);
        try (TopRig rig = rig(normalising(13, 4), fineTune(), rule, 6, 4);
                Head head = rig.head(2)) {
            double[] expected = doubles(head, "norm.running_var");
            for (int step = 0; step < 3; step++) {
                double[] measured = measured(rig, 0, 6, 4)[1];
                rig.train(head, 0, 6);
                for (int c = 0; c < CHANNELS; c++) {
                    expected[c] = 0.9 * expected[c] + 0.1 * measured[c];
                }
            }
            assertThat(doubles(head, "norm.running_var")).containsExactly(expected, within(1e-5));
            assertThat(head.state().optimiser().keySet()).isNotEmpty().noneMatch(name -> name.contains("running"));
        }
    }

    @Test
    void shouldStayUntilTheirBlockLearns() {
        StrategyConfig gradual =
                TopRig.updating(TopRig.strategy(Strategy.GRADUAL, 2, PhaseBy.STEPS, TopParameters.ALL, 0));
        try (TopRig rig = TopRig.open(
                        TestNetworks.RESNET.manifest(folder),
                        TopRig.config(TestNetworks.RESNET.task(), gradual, ADAM),
                        TestNetworks.RESNET.samples(6, 3),
                        Compute.ONE_THREAD);
                Head head = rig.head(2)) {
            for (int step = 0; step < 6; step++) {
                Map<String, Tensor.F32> before = head.state().parameters();
                rig.train(head, 0, 6);
                Map<String, Tensor.F32> after = head.state().parameters();
                for (String name : before.keySet()) {
                    if (name.contains("running")) {
                        int phase = name.startsWith("layer2") ? 1 : 2;
                        boolean moved = !Arrays.equals(TopRig.values(before, name), TopRig.values(after, name));
                        assertThat(moved).as(name + " at step " + step).isEqualTo(step >= 2 * phase);
                    }
                }
            }
            assertThat(head.state().parameters()).containsKeys("layer1.conv1.bn.running_mean");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"RESNET", "MOBILE"})
    void shouldBeAFormOfItsOwn(TestNetworks network) {
        StrategyConfig keeping = TopRig.fineTune(1);
        try (TopRig keeps = rig(network, keeping);
                TopRig updates = rig(network, TopRig.updating(keeping));
                Head head = keeps.head(2)) {
            assertThat(keeps.model().heads().form()).doesNotContain("batch-norm");
            assertThat(updates.model().heads().form())
                    .isEqualTo(keeps.model().heads().form() + " batch-norm=UPDATE");
            assertThat(head.state().parameters().keySet()).noneMatch(name -> name.contains("running"));
        }
    }

    private TopRig rig(TestNetworks network, StrategyConfig strategy) {
        return TopRig.open(
                network.manifest(folder),
                TopRig.config(network.task(), strategy, ADAM),
                network.samples(2, 3),
                Compute.ONE_THREAD);
    }

    @Test
    void shouldRefuseATopWithoutAny() {
        assertThatThrownBy(() -> rig(TestNetworks.VGG, TopRig.updating(TopRig.fineTune(1))))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("training.batch-norm update needs a BatchNormalization node between")
                .hasMessageEndingWith("but there is none; leave it out or choose a lower cut");
    }

    @Test
    void shouldRefuseRowsOfTokens() {
        assertThatThrownBy(() -> rig(TestNetworks.BERT, TopRig.updating(TopRig.fineTune(1))))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("training.batch-norm update needs rows of one length");
    }

    @Test
    void shouldRefuseStatisticsThatTwoNodesShare() {
        assertThatThrownBy(() -> refused(
                        13,
                        net -> net.node(
                                "BatchNormalization",
                                "features",
                                List.of("norm", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"))))
                .isInstanceOf(BackboneException.class)
                .hasMessageEndingWith("with training.batch-norm update, node 'norm' (BatchNormalization) must have"
                        + " statistics of its own, but 'norm.running_mean' is read in 2 places; use keep");
    }

    @Test
    void shouldRefuseStatisticsThatAreComputed() {
        assertThatThrownBy(() -> refused(13, net -> {
                    net.node("Abs", "positive", List.of("norm.weight"));
                    net.node(
                            "BatchNormalization",
                            "features",
                            List.of("norm", "norm.weight", "norm.bias", "norm.bias", "positive"));
                }))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("node 'features' (BatchNormalization) must have statistics");
    }

    @Test
    void shouldRefuseANodeThatIsInTrainingMode() {
        BaseModelManifest manifest = normalising(15, 4, NetworkBuilder.whole("training_mode", 1));
        ModelProto.Builder model = OnnxBackbone.model(manifest).toBuilder();
        model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals("BatchNormalization"))
                .forEach(node -> node.addOutput("mean").addOutput("variance"));
        BaseModelManifest training = manifest(model.build(), List.of(CHANNELS, 2, 2));

        assertThatThrownBy(() -> rig(training, fineTune(), ADAM, 2, 4))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining(
                        "must depend on the sample alone, but node 'norm' (BatchNormalization) is in training mode")
                .hasMessageEndingWith("export the model for inference");
    }

    private void refused(int opset, Consumer<NetworkBuilder> last) {
        NetworkBuilder net = new NetworkBuilder("refused", opset, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, CHANNELS, 2)
                .output("features", TestModels.FLOAT, 0, CHANNELS, 2);
        net.node("Identity", "low", List.of("wave"));
        net.batchNormalisation("norm", "low", CHANNELS);
        last.accept(net);
        rig(manifest(net.build(), List.of(CHANNELS, 2)), fineTune(), ADAM, 2, 2).close();
    }

    /**
     * Returns a network that is cut at the input of a batch normalisation: [batch, channels] or [batch, channels, 2,
     * places / 2].
     */
    private BaseModelManifest normalising(int opset, int places, AttributeProto... attributes) {
        List<Integer> shape = places == 1 ? List.of(CHANNELS) : List.of(CHANNELS, 2, places / 2);
        long[] axes = LongStream.concat(LongStream.of(0), shape.stream().mapToLong(Integer::longValue))
                .toArray();
        NetworkBuilder net = new NetworkBuilder("normalising", opset, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, axes)
                .output("features", TestModels.FLOAT, axes);
        net.node("Identity", "low", List.of("wave"));
        net.weight("norm.weight", 1, 0.1, CHANNELS);
        net.weight("norm.bias", 0, 0.1, CHANNELS);
        net.weight("norm.running_mean", 0, 0.1, CHANNELS);
        net.weight("norm.running_var", 1, 0.05, CHANNELS);
        List<AttributeProto> all = new ArrayList<>(List.of(attributes));
        all.add(NetworkBuilder.real("epsilon", (float) EPSILON));
        net.node(
                "BatchNormalization",
                "norm",
                List.of("low", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"),
                all.toArray(AttributeProto[]::new));
        net.node("Identity", "features", List.of("norm"));
        return manifest(net.build(), shape);
    }

    private BaseModelManifest manifest(ModelProto model, List<Integer> shape) {
        return new BaseModelManifest(
                "network",
                "none",
                TestModels.write(folder, model.toByteArray()),
                new TensorInput("wave", shape, List.of()),
                "features",
                Pooling.NONE,
                false);
    }

    private static StrategyConfig fineTune() {
        return updating("low");
    }

    private static StrategyConfig updating(String cut) {
        return TopRig.updating(new StrategyConfig(cut, Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));
    }

    private static TopRig rig(
            BaseModelManifest manifest, StrategyConfig strategy, OptimiserConfig rule, int rows, int places) {
        int width = manifest.input() instanceof TensorInput tensor
                ? tensor.shape().stream().reduce(1, Math::multiplyExact)
                : places;
        Random random = new Random(7);
        List<ModelInput> samples = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            float[] values = new float[width];
            for (int i = 0; i < width; i++) {
                values[i] = (float) (0.5 + 2 * random.nextGaussian());
            }
            samples.add(new ModelInput.Numbers(values));
        }
        AdaptationConfig config = TopRig.config(TaskKind.TENSOR_CLASSIFICATION, strategy, rule);
        return TopRig.open(manifest, config, samples, Compute.ONE_THREAD);
    }

    private static double[] doubles(Head head, String name) {
        float[] values = TopRig.values(head.state().parameters(), name);
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Returns mean and variance of each channel over some rows at the cut. */
    private static double[][] measured(TopRig rig, int from, int to, int places) {
        double[][] measured = new double[2][CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            double sum = 0;
            double squares = 0;
            for (int row = from; row < to; row++) {
                for (int place = 0; place < places; place++) {
                    double value = rig.features()[row][c * places + place];
                    sum += value;
                    squares += value * value;
                }
            }
            int count = (to - from) * places;
            measured[0][c] = sum / count;
            measured[1][c] = squares / count - measured[0][c] * measured[0][c];
        }
        return measured;
    }

    /** Returns the logits of the whole top for all rows, normalised by given statistics. */
    private static double[][] logits(
            TopRig rig, Map<String, Tensor.F32> parameters, double[] mean, double[] variance, int places) {
        float[] scale = TopRig.values(parameters, "norm.weight");
        float[] shift = TopRig.values(parameters, "norm.bias");
        float[] weights = TopRig.values(parameters, "output/W");
        float[] bias = TopRig.values(parameters, "output/b");
        double[][] logits = new double[rig.features().length][bias.length];
        for (int row = 0; row < logits.length; row++) {
            for (int k = 0; k < bias.length; k++) {
                logits[row][k] = bias[k];
                for (int i = 0; i < CHANNELS * places; i++) {
                    int c = i / places;
                    double normal = (rig.features()[row][i] - mean[c]) / Math.sqrt(variance[c] + EPSILON);
                    logits[row][k] += weights[i * bias.length + k] * (scale[c] * normal + shift[c]);
                }
            }
        }
        return logits;
    }

    private static double loss(TopRig rig, double[][] logits) {
        double loss = 0;
        for (int row = 0; row < logits.length; row++) {
            int right = row % 2;
            loss += Math.log1p(Math.exp(logits[row][1 - right] - logits[row][right]));
        }
        return loss / rig.features().length;
    }
}
