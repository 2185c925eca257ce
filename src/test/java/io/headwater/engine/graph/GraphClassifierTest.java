package io.headwater.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TopConfig;
import io.headwater.domain.Digest;
import io.headwater.engine.BackboneException;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.graph.layer.Activate;
import io.headwater.engine.graph.layer.Activation;
import io.headwater.engine.graph.layer.Convolution;
import io.headwater.engine.graph.layer.Dense;
import io.headwater.engine.graph.layer.Dropout;
import io.headwater.engine.graph.layer.GlobalPool;
import io.headwater.engine.graph.layer.Padding;
import io.headwater.engine.graph.layer.PoolKind;
import io.headwater.engine.graph.layer.Reshape;
import io.headwater.engine.graph.layer.Shape;
import io.headwater.engine.graph.layer.Size;
import io.headwater.engine.graph.layer.WindowPool;
import io.headwater.engine.model.BaseModelOpener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests heads that keep the output layers of graph models. */
class GraphClassifierTest {
    private static final Activation LINEAR = Activation.LINEAR;

    @TempDir
    private Path folder;

    /** A model, the vertex of its features, and a cut below it. */
    private record Case(GraphModel model, String feature, Pooling pooling, String below) {}

    private static List<Case> cases(long seed) {
        return List.of(
                new Case(GraphModels.resnet(6, 4, seed), "mean", Pooling.NONE, "a/add"),
                new Case(GraphModels.resnet(6, 4, seed), "b/add", Pooling.MEAN, "relu"),
                new Case(GraphModels.vgg(8, 3, 3, seed), "fc", Pooling.NONE, "pool"),
                new Case(GraphModels.inception(5, seed), "act", Pooling.NONE, "flat"),
                new Case(
                        image().then("mean", new WindowPool(PoolKind.AVERAGE, new Size(5, 5), Size.ONE, Padding.VALID))
                                .then("flat", new Reshape(new Shape.Features(4)))
                                .then("drop", new Dropout())
                                .then("scores", new Dense(3, false, LINEAR))
                                .then("classifier", new Activate(Activation.SOFTMAX))
                                .build(seed),
                        "map",
                        Pooling.MEAN,
                        "low"),
                new Case(
                        image().then("conv10", maps(LINEAR))
                                .then("mean", new GlobalPool(PoolKind.AVERAGE))
                                .then("classifier", new Activate(Activation.SOFTMAX))
                                .build(seed),
                        "map",
                        Pooling.MEAN,
                        "low"));
    }

    private static GraphModels image() {
        return new GraphModels(new Shape.Image(2, 5, 5))
                .then("low", GraphModels.convolution(3, Padding.SAME, Size.ONE, GraphModels.TANH))
                .then("map", GraphModels.convolution(4, Padding.SAME, Size.ONE, GraphModels.TANH));
    }

    private static Convolution maps(Activation activation) {
        return new Convolution(
                Convolution.Kind.STANDARD, 3, 1, Size.ONE, Size.ONE, Size.ONE, Padding.VALID, true, activation);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSayAtFirstWhatTheUncutModelSays(long seed) {
        for (Case one : cases(seed)) {
            List<String> known = labels(one.model());
            List<String> labels = new ArrayList<>(known);
            Collections.shuffle(labels, new Random(seed));
            float[][] rows = GraphModels.rows(one.model().input().shape(), 4, seed);
            float[][] uncut = GraphCutTest.forward(
                    one.model(), one.model().input().name(), one.model().output(), rows);
            for (boolean unfrozen : new boolean[] {false, true}) {
                try (DividedModel divided = open(manifest(one), labels, unfrozen ? one.below() : "");
                        Head head = divided.heads().create(labels.size())) {
                    float[][] predicted = head.probabilities(features(divided, rows));
                    for (int row = 0; row < rows.length; row++) {
                        for (int i = 0; i < labels.size(); i++) {
                            assertThat(predicted[row][i])
                                    .as("%s unfrozen %s row %d", one.feature(), unfrozen, row)
                                    .isCloseTo(uncut[row][known.indexOf(labels.get(i))], within(1e-4f));
                        }
                    }
                }
            }
        }
    }

    @Test
    void shouldGoOnBitForBitFromWhatWasKept() {
        Case one = cases(1).get(1);
        float[][] rows = GraphModels.rows(one.model().input().shape(), 4, 1);
        float[][] targets = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
        float[] weights = {1, 1, 1, 1};
        try (DividedModel divided = open(manifest(one), List.of("c3", "c1", "c0", "c2"), one.below());
                Head head = divided.heads().create(4);
                Head again = divided.heads().create(4)) {
            float[][] features = features(divided, rows);
            head.train(features, targets, weights);
            HeadState state = head.state();
            again.train(features, targets, weights);
            try (Head restored = divided.heads().restore(state)) {
                head.train(features, targets, weights);
                again.train(features, targets, weights);
                restored.train(features, targets, weights);

                assertThat(restored.probabilities(features)).isDeepEqualTo(head.probabilities(features));
                assertThat(again.probabilities(features)).isDeepEqualTo(head.probabilities(features));
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoLinearLayerOfTheFeatures() {
        assertRefused(GraphModels.vgg(8, 3, 2, 1), "flat", Pooling.NONE, "vertex 'fc' (Dense) is not linear, but RELU");
        assertRefused(
                image().then("conv10", maps(GraphModels.RELU))
                        .then("mean", new GlobalPool(PoolKind.AVERAGE))
                        .then("classifier", new Activate(Activation.SOFTMAX))
                        .build(1),
                "map",
                Pooling.MEAN,
                "vertex 'conv10' (Convolution) is not linear, but RELU");
        assertRefused(
                image().then("largest", new GlobalPool(PoolKind.MAX))
                        .then("classifier", new Dense(3, true, Activation.SOFTMAX))
                        .build(1),
                "map",
                Pooling.MEAN,
                "vertex 'largest' (GlobalPool) pools features that the pooling of the manifest does not");
        assertRefused(
                image().then("wide", GraphModels.convolution(3, Padding.SAME, Size.ONE, LINEAR))
                        .then("mean", new GlobalPool(PoolKind.AVERAGE))
                        .then("classifier", new Activate(Activation.SOFTMAX))
                        .build(1),
                "map",
                Pooling.MEAN,
                "vertex 'wide' (Convolution) must be a convolution of 1x1");
        assertRefused(
                GraphModels.resnet(6, 4, 1), "classifier", Pooling.NONE, "'classifier' is the output of the model");
    }

    @Test
    void shouldRefuseFeaturesThatTheManifestScales() {
        Case one = cases(1).get(0);
        BaseModelManifest plain = manifest(one);
        BaseModelManifest scaled = new BaseModelManifest(
                        "graph", "none", plain.model(), plain.input(), plain.cut(), plain.pooling(), true)
                .withLabels(plain.labels());

        assertThatThrownBy(() -> open(scaled, plain.labels(), ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("normalise of base model 'graph' must be false with head.output-layer keep");
    }

    private void assertRefused(GraphModel model, String feature, Pooling pooling, String message) {
        BaseModelManifest manifest = manifest(new Case(model, feature, pooling, ""));
        assertThatThrownBy(() -> open(manifest, manifest.labels(), ""))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("base model 'graph': head.output-layer keep needs")
                .hasMessageContaining(message)
                .hasMessageEndingWith("choose head.output-layer new or another cut");
    }

    private BaseModelManifest manifest(Case one) {
        try {
            byte[] bytes = one.model().write();
            Path file = Files.write(Files.createTempFile(folder, "graph", ".safetensors"), bytes);
            Shape shape = one.model().input().shape();
            return new BaseModelManifest(
                            "graph",
                            "none",
                            new ModelFile(file.toString(), Digest.of(bytes)),
                            new TensorInput("in", List.of(shape.size()), List.of()),
                            one.feature(),
                            one.pooling(),
                            false)
                    .withLabels(labels(one.model()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> labels(GraphModel model) {
        int classes = model.shapes().get(model.output()) instanceof Shape.Features of ? of.width() : 0;
        return IntStream.range(0, classes).mapToObj(i -> "c" + i).toList();
    }

    /** @param below the cut above which the top is trained; empty for a linear probe */
    private static DividedModel open(BaseModelManifest manifest, List<String> labels, String below) {
        StrategyConfig strategy = below.isEmpty()
                ? StrategyConfig.DEFAULT
                : new StrategyConfig(below, Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT);
        AdaptationConfig config = AdaptationConfig.of("kept", TaskKind.TENSOR_CLASSIFICATION, "graph")
                .withLabels(labels)
                .withHead(new HeadConfig(0, OutputLayerChoice.KEEP))
                .withStrategy(strategy);
        return BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
    }

    private static float[][] features(DividedModel divided, float[][] rows) {
        List<ModelInput> inputs =
                Arrays.stream(rows).<ModelInput>map(ModelInput.Numbers::new).toList();
        return divided.backbone().features(inputs).toArray(float[][]::new);
    }
}
