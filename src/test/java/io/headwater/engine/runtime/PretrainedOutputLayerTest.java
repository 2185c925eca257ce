package io.headwater.engine.runtime;

import static io.headwater.engine.NetworkBuilder.list;
import static io.headwater.engine.NetworkBuilder.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.ModelInput;
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.onnx.Tensors;
import io.headwater.engine.weights.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests heads that start from the output layer of their base model. */
class PretrainedOutputLayerTest {
    private static final Path GENERATED = temporary();

    @TempDir
    private Path folder;

    @Property(tries = 60)
    void shouldSayAtFirstWhatTheUncutModelSays(
            @ForAll ClassifierModels kind,
            @ForAll boolean unfrozen,
            @ForAll @IntRange(min = 2, max = 7) int classes,
            @ForAll Random random)
            throws Exception {
        long seed = random.nextInt(1000);
        BaseModelManifest manifest = kind.manifest(GENERATED, seed, classes);
        List<String> labels = new ArrayList<>(ClassifierModels.labels(classes));
        Collections.shuffle(labels, random);
        AdaptationConfig config = config(
                labels,
                unfrozen
                        ? TopRig.strategy(Strategy.FINE_TUNE, 0, PhaseBy.STEPS, TopParameters.ALL, 0)
                                .at("low")
                        : StrategyConfig.DEFAULT);
        List<ModelInput> samples = kind.samples(5, seed);
        float tolerance = kind.type() == TestModels.HALF ? 5e-3f : 1e-4f;

        float[][] uncut = ClassifierModels.uncut(manifest, samples);

        try (TopRig rig = TopRig.open(manifest, config, samples, Compute.ONE_THREAD);
                Head head = rig.model().heads().create(classes)) {
            float[][] predicted = head.probabilities(rig.features());
            for (int row = 0; row < uncut.length; row++) {
                for (int i = 0; i < classes; i++) {
                    int place = ClassifierModels.labels(classes).indexOf(labels.get(i));
                    assertThat(predicted[row][i]).isCloseTo(uncut[row][place], within(tolerance));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldExportAtFirstWhatTheUncutModelSays(ClassifierModels kind) throws Exception {
        BaseModelManifest manifest = kind.manifest(folder, 3, 4);
        List<ModelInput> samples = kind.samples(4, 3);
        AdaptationConfig config =
                config(ClassifierModels.labels(4), TopRig.fineTune(0).at("low"));
        float tolerance = kind.type() == TestModels.HALF ? 5e-3f : 1e-4f;

        byte[] exported;
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
                Head head = model.heads().create(4)) {
            exported = OnnxExport.write(
                    manifest,
                    config,
                    io.headwater.engine.OutputLayer.CLASSES,
                    head.state().parameters(),
                    Map.of());
        }

        float[][] uncut = ClassifierModels.uncut(manifest, samples);
        float[][] predicted = ClassifierModels.decode(exported, "probabilities", samples);
        for (int row = 0; row < uncut.length; row++) {
            assertThat(predicted[row]).containsExactly(uncut[row], within(tolerance));
        }
    }

    /** The weights must be bit-identical to those in the file, not recomputed by running it. */
    @Test
    void shouldTakeTheWeightsAsTheyAre() {
        BaseModelManifest manifest = ClassifierModels.POOLED.manifest(folder, 1, 3);
        float[] weights = OnnxBackbone.model(manifest).getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals("fc.weight"))
                .map(Tensors::floats)
                .findFirst()
                .orElseThrow();

        try (DividedModel model = BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                        .divide(config(List.of("c2", "c0", "c1"), StrategyConfig.DEFAULT));
                Head head = model.heads().create(3)) {
            Map<String, Tensor.F32> begun = head.state().parameters();
            for (int feature = 0; feature < ClassifierModels.WIDTH; feature++) {
                assertThat(TopRig.values(begun, "output/W")[feature * 3])
                        .isEqualTo(weights[2 * ClassifierModels.WIDTH + feature]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TURNED, LINEAR_PROBE, ALL",
        "ENCODER, LP_FT, ALL",
        "POOLED, FINE_TUNE, ALL",
        "MAPS, GRADUAL, ALL",
        "TOKENS, FINE_TUNE, LORA"
    })
    void shouldLearnTheSameBitsWhenInterrupted(ClassifierModels kind, Strategy strategy, TopParameters parameters) {
        StrategyConfig how = TopRig.strategy(strategy, 0, PhaseBy.STEPS, parameters, 0);
        AdaptationConfig config = config(
                        List.of("c1", "c2", "c0"), strategy == Strategy.LINEAR_PROBE ? how : how.at("low"))
                .withOptimiser(TopRig.optimiser(Updater.ADAM, 0.9, 0.5, 0.1));
        BaseModelManifest manifest = kind.manifest(folder, 5, 3);
        try (TopRig rig = TopRig.open(manifest, config, kind.samples(24, 2), Compute.ONE_THREAD);
                TopRig other = TopRig.open(manifest, config, kind.samples(24, 2), Compute.ONE_THREAD)) {
            Map<String, List<Float>> whole = learned(rig, false);

            assertThat(learned(rig, true)).isEqualTo(whole);
            assertThat(learned(other, false)).isEqualTo(whole);
        }
    }

    /** There is no pull at the initial weights, but there is one after a step. */
    @ParameterizedTest
    @EnumSource(names = {"LINEAR_PROBE", "FINE_TUNE"})
    void shouldBePulledBackToWhatWasKept(Strategy strategy) {
        BaseModelManifest manifest = ClassifierModels.TURNED.manifest(folder, 1, 2);
        List<float[]> free = steps(manifest, strategy, 0);
        List<float[]> pulled = steps(manifest, strategy, 0.5);

        assertThat(pulled.get(0)).isEqualTo(free.get(0));
        assertThat(pulled.get(1)).isNotEqualTo(free.get(1));
    }

    @Test
    void shouldRefuseAHeadOfOtherClasses() {
        BaseModelManifest manifest = ClassifierModels.TURNED.manifest(folder, 1, 2);

        try (DividedModel model = BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                .divide(config(List.of("c0", "c1"), StrategyConfig.DEFAULT))) {
            assertThatThrownBy(() -> model.heads().create(3))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a new head must have the classes of the output layer that is kept");
        }
    }

    @Test
    void shouldRefuseLabelsThatAreNotThoseOfTheModel() {
        BaseModelManifest manifest = ClassifierModels.TURNED.manifest(folder, 1, 3);

        assertThatThrownBy(() -> open(manifest, "c0", "c1", "other"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("lack 'c2' and have 'other' besides");
        assertThatThrownBy(() -> open(manifest.withLabels(List.of("c0", "c1")), "c0", "c1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "labels of base model 'classifier' must be as many as its output layer has classes, which is"
                                + " 3, but are 2; correct its manifest");
    }

    @Test
    void shouldRefuseALayerBelowAnotherOne() {
        NetworkBuilder net = ClassifierModels.TURNED.builder(1);
        net.node("Relu", "bent", List.of(net.dense("fc.0", "features", ClassifierModels.WIDTH, 4)));
        net.dense("scores", "bent", 4, 2);
        net.output("scores", TestModels.FLOAT, 0, 2);

        assertRefused(ClassifierModels.TURNED, net, "node 'bent' (Relu) is between them");
    }

    /** As in the original SqueezeNet: the mean of rectified values is not the rectified mean. */
    @Test
    void shouldRefuseMapsThatAreRectifiedBeforeTheirMean() {
        NetworkBuilder net = ClassifierModels.MAPS.builder(1);
        net.node("Relu", "bent", List.of(net.convolution("conv10", "features", ClassifierModels.WIDTH, 2, 1)));
        net.node("GlobalAveragePool", "mean", List.of("bent"));
        net.node("Softmax", "scores", List.of("mean"));
        net.output("scores", TestModels.HALF, 0, 2, 1, 1);

        assertRefused(
                ClassifierModels.MAPS,
                net,
                "base model 'classifier': head.output-layer keep needs one linear layer alone between the features"
                        + " 'features', pooled as the manifest says, and the output 'scores', but node 'bent' (Relu) is"
                        + " between them; choose head.output-layer new or another cut");
    }

    @Test
    void shouldRefuseAnotherPooling() {
        NetworkBuilder net = ClassifierModels.POOLED.builder(1);
        net.node("GlobalMaxPool", "largest", List.of("features"));
        net.dense("scores", net.node("Flatten", "flat", List.of("largest")), ClassifierModels.WIDTH, 2);
        net.output("scores", TestModels.FLOAT, 0, 2);
        assertRefused(ClassifierModels.POOLED, net, "node 'largest' (GlobalMaxPool) is between them");

        NetworkBuilder window = ClassifierModels.POOLED.builder(1);
        window.node("AveragePool", "window", List.of("features"), list("kernel_shape", 2, 2));
        window.dense("scores", window.node("Flatten", "flat", List.of("window")), 9 * ClassifierModels.WIDTH, 2);
        window.output("scores", TestModels.FLOAT, 0, 2);
        assertRefused(ClassifierModels.POOLED, window, "node 'window' (AveragePool) must be a mean over all places");

        NetworkBuilder wide = ClassifierModels.POOLED.builder(1);
        wide.convolution("conv", "features", ClassifierModels.WIDTH, 2, 3);
        wide.node("GlobalAveragePool", "scores", List.of("conv"));
        wide.output("scores", TestModels.FLOAT, 0, 2, 1, 1);
        assertRefused(ClassifierModels.POOLED, wide, "node 'conv' (Conv) must be a convolution of 1x1");

        NetworkBuilder flat = ClassifierModels.POOLED.builder(1);
        flat.dense("scores", flat.node("Flatten", "flat", List.of("features")), 16 * ClassifierModels.WIDTH, 2);
        flat.output("scores", TestModels.FLOAT, 0, 2);
        assertRefused(ClassifierModels.POOLED, flat, "node 'flat' (Flatten) moves features that are not pooled yet");
    }

    @Test
    void shouldRefuseFeaturesOfAnotherScale() {
        NetworkBuilder net = ClassifierModels.SPHERE.builder(1);
        net.node("ReduceMean", "mean", List.of("features"), list("axes", 1), whole("keepdims", 0));
        net.dense("scores", "mean", ClassifierModels.WIDTH, 2);
        net.output("scores", TestModels.FLOAT, 0, 2);

        assertRefused(
                ClassifierModels.SPHERE,
                net,
                "reads features as they are, not at length 1 as normalise of the manifest");
    }

    @Test
    void shouldRefuseAModelWithoutALayerAboveItsFeatures() {
        NetworkBuilder net = ClassifierModels.TURNED.builder(1);
        net.output("features", TestModels.FLOAT, 0, ClassifierModels.WIDTH);

        assertRefused(ClassifierModels.TURNED, net, "needs an output of the model above the features 'features'");
    }

    private void assertRefused(ClassifierModels kind, NetworkBuilder net, String message) {
        BaseModelManifest manifest = kind.manifest(folder, net, 2);
        for (String cut : List.of(StrategyConfig.AUTO, "low")) {
            StrategyConfig strategy = cut.equals(StrategyConfig.AUTO)
                    ? StrategyConfig.DEFAULT
                    : TopRig.fineTune(0).at(cut);
            assertThatThrownBy(() -> BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                            .divide(config(List.of("c0", "c1"), strategy)))
                    .isInstanceOf(BackboneException.class)
                    .hasMessageContaining(message);
        }
    }

    private static DividedModel open(BaseModelManifest manifest, String... labels) {
        return BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                .divide(config(List.of(labels), StrategyConfig.DEFAULT));
    }

    private static List<float[]> steps(BaseModelManifest manifest, Strategy strategy, double pull) {
        StrategyConfig how = new StrategyConfig(StrategyConfig.AUTO, strategy, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT);
        OptimiserConfig rule = TopRig.optimiser(Updater.SGD, 0, 1, pull);
        AdaptationConfig config = config(List.of("c0", "c1"), strategy == Strategy.LINEAR_PROBE ? how : how.at("low"))
                .withOptimiser(rule);
        List<float[]> weights = new ArrayList<>();
        try (TopRig rig = TopRig.open(manifest, config, ClassifierModels.TURNED.samples(6, 3), Compute.ONE_THREAD);
                Head head = rig.model().heads().create(2)) {
            for (int step = 0; step < 2; step++) {
                rig.train(head, 0, 6);
                weights.add(TopRig.values(head.state().parameters(), "output/W").clone());
            }
        }
        return weights;
    }

    private static Map<String, List<Float>> learned(TopRig rig, boolean interrupted) {
        Head head = rig.model().heads().create(3);
        for (int from = 0; from < 24; from += 4) {
            if (interrupted) {
                HeadState state = head.state();
                head.close();
                head = rig.model().heads().restore(state);
            }
            rig.train(head, from, from + 4);
        }
        HeadState state = head.state();
        head.close();
        Map<String, List<Float>> learned = new java.util.TreeMap<>();
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

    private static AdaptationConfig config(List<String> labels, StrategyConfig strategy) {
        return AdaptationConfig.of("kept", TaskKind.TENSOR_CLASSIFICATION, "classifier")
                .withLabels(labels)
                .withHead(new HeadConfig(0, OutputLayerChoice.KEEP))
                .withStrategy(strategy);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("kept-layers");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterContainer
    static void deleteGenerated() throws IOException {
        try (var files = Files.list(GENERATED)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(GENERATED);
    }
}
