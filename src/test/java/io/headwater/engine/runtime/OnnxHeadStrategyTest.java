package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import io.headwater.engine.NetworkBuilder;
import io.headwater.engine.TestModels;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which parameters of a top are trained, when, and at which rate. */
class OnnxHeadStrategyTest {
    private static final OptimiserConfig ADAM = TopRig.optimiser(Updater.ADAM, 0.9, 1, 0);

    @TempDir
    private Path folder;

    @Test
    void shouldLeaveLowerBlocksUntouchedUntilTheirPhase() {
        try (TopRig rig = bert(TopRig.strategy(Strategy.GRADUAL, 2, PhaseBy.STEPS, TopParameters.ALL, 0), ADAM);
                Head head = rig.head(2)) {
            for (int step = 0; step < 6; step++) {
                Map<String, Tensor.F32> before = head.state().parameters();
                rig.train(head, 0, 6);
                Map<String, Tensor.F32> after = head.state().parameters();
                for (String name : before.keySet()) {
                    int phase = name.startsWith("output") ? 0 : name.startsWith("encoder.layer.1") ? 1 : 2;
                    boolean moved = !java.util.Arrays.equals(TopRig.values(before, name), TopRig.values(after, name));
                    assertThat(moved).as(name + " at step " + step).isEqualTo(step >= 2 * phase);
                }
            }
        }
    }

    @Test
    void shouldLearnBiasesAlone() {
        try (TopRig rig = bert(TopRig.strategy(Strategy.FINE_TUNE, 1, PhaseBy.STEPS, TopParameters.BIASES, 0), ADAM);
                Head head = rig.head(2)) {
            assertThat(head.state().parameters().keySet())
                    .contains("encoder.layer.1.query.bias", "encoder.layer.1.norm2.bias")
                    .filteredOn(name -> !name.startsWith("output"))
                    .allMatch(name -> name.endsWith(".bias"));
        }
    }

    @Test
    void shouldLearnChangesOfLowRankAlone() {
        try (TopRig rig = bert(TopRig.strategy(Strategy.FINE_TUNE, 1, PhaseBy.STEPS, TopParameters.LORA, 0), ADAM);
                Head head = rig.head(2)) {
            assertThat(head.state().parameters().keySet())
                    .contains("lora/encoder.layer.1.query.weight/A", "lora/encoder.layer.1.narrow.weight/B")
                    .filteredOn(name -> !name.startsWith("output"))
                    .allMatch(name -> name.startsWith("lora/"));
        }
    }

    /** With an output layer of zeros, only the pull towards the pre-trained weights gives the blocks a gradient. */
    @Test
    void shouldPullTowardsThePretrainedWeightsAndSlowDownWithDepth() {
        OptimiserConfig rule = TopRig.optimiser(Updater.SGD, 0, 0.5, 0.1);
        try (TopRig rig = bert(TopRig.fineTune(2), rule);
                Head fresh = rig.model().heads().create(2)) {
            Map<String, Tensor.F32> pretrained = fresh.state().parameters();
            Map<String, Tensor.F32> moved = new TreeMap<>(pretrained);
            moved.replaceAll((name, tensor) -> name.startsWith("output") ? tensor : plusOne(tensor));
            try (Head head = rig.model().heads().restore(HeadState.ofParameters(moved))) {
                rig.train(head, 0, 6);

                double rate = rig.config().training().learningRate();
                Map<String, Tensor.F32> velocities = head.state().optimiser();
                pretrained.keySet().stream()
                        .filter(name -> !name.startsWith("output"))
                        .forEach(name -> {
                            int depth = name.startsWith("encoder.layer.1") ? 1 : 2;
                            double expected = -rate * Math.pow(0.5, depth) * 0.1;
                            for (float velocity : TopRig.values(velocities, "momentum/" + name)) {
                                assertThat((double) velocity).as(name).isCloseTo(expected, within(1e-3 * rate * 0.1));
                            }
                        });
            }
        }
    }

    @Test
    void shouldNameTheLowestCutThatWorksWhenAnOperatorHasNoGradient() {
        NetworkBuilder net = new NetworkBuilder("choice", 13, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 6)
                .output("features", TestModels.FLOAT, 0, 4);
        String hard = net.node("Hardmax", "choice", java.util.List.of(net.dense("first", "wave", 6, 4)));
        net.node("Tanh", "features", java.util.List.of(net.dense("last", hard, 4, 4)));

        assertThatThrownBy(() -> open(net, "first/product"))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("node 'choice' (Hardmax, opset 13) has an operator without a gradient rule")
                .hasMessageEndingWith("the lowest cut that works is 'first'");
    }

    @Test
    void shouldNameTheTensorBelowTheCutWhoseShapeIsRead() {
        NetworkBuilder net = new NetworkBuilder("shape", 13, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 6)
                .output("features", TestModels.FLOAT, 0, 6);
        String low = net.dense("low", "wave", 6, 6);
        String middle = net.node("Tanh", "middle", java.util.List.of(low));
        String shape = net.node("Shape", "sizes", java.util.List.of(low));
        net.node("Reshape", "features", java.util.List.of(net.dense("high", middle, 6, 6), shape));

        assertThatThrownBy(() -> open(net, "middle"))
                .isInstanceOf(BackboneException.class)
                .hasMessageContaining("node 'sizes' (Shape) in it reads the shape of 'low'; choose another cut");
        open(net, "low").close();
    }

    @Test
    void shouldNotTakeAMaskForAParameter() {
        NetworkBuilder net = new NetworkBuilder("mask", 13, TestModels.FLOAT)
                .input("wave", TestModels.FLOAT, 0, 2)
                .output("features", TestModels.FLOAT, 0, 2);
        String low = net.dense("low", "wave", 2, 2);
        String added =
                net.node("Add", "added", java.util.List.of(low, net.constant("far", new float[] {0, -10000}, 1, 2)));
        String kept = net.node("Mul", "kept", java.util.List.of(added, net.constant("gate", new float[] {0, 1}, 1, 2)));
        net.dense("high", kept, 2, 2);
        net.node("Identity", "features", java.util.List.of("high"));

        try (DividedModel model = open(net, "low");
                Head head = model.heads().create(2)) {
            assertThat(head.state().parameters()).containsOnlyKeys("high.weight", "high.bias", "output/W", "output/b");
        }
    }

    private DividedModel open(NetworkBuilder net, String cut) {
        int width = cut.equals("low") && net.build().getGraph().getName().equals("mask") ? 2 : 6;
        var manifest = new io.headwater.config.BaseModelManifest(
                "network",
                "none",
                TestModels.write(folder, net.build().toByteArray()),
                new io.headwater.config.TensorInput("wave", java.util.List.of(width), java.util.List.of()),
                "features",
                io.headwater.config.BaseModelManifest.Pooling.NONE,
                false);
        StrategyConfig strategy = new StrategyConfig(cut, Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT);
        return BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                .divide(TopRig.config(TaskKind.TENSOR_CLASSIFICATION, strategy, ADAM));
    }

    private TopRig bert(StrategyConfig strategy, OptimiserConfig optimiser) {
        TestNetworks bert = TestNetworks.BERT;
        return TopRig.open(
                bert.manifest(folder),
                TopRig.config(bert.task(), strategy, optimiser),
                bert.samples(6, 8),
                Compute.ONE_THREAD);
    }

    private static Tensor.F32 plusOne(Tensor.F32 tensor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += 1;
        }
        return new Tensor.F32(tensor.shape(), values);
    }
}
