package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.OptimiserConfig.Schedule;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.dense.HeadGrowth;
import io.headwater.engine.dense.HeadTraining;
import io.headwater.engine.device.Compute;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that the same state, steps and number of threads give the same bits for all strategies, and regardless of
 * interruptions.
 */
class OnnxHeadDeterminismTest {
    private static final int[] SPLIT = {3, 1, 5, 2, 4, 1, 2, 6};
    private static final int GROWS_AT = 4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BERT, FINE_TUNE, STEPS, ALL, 0.3, ADAMW, 1, KEEP",
        "BERT, FINE_TUNE, STEPS, ALL, 0.3, ADAMW, 2, KEEP",
        "BERT, LP_FT, STEPS, ALL, 0, SGD, 1, KEEP",
        "BERT, LP_FT, STEPS, ALL, 0, SGD, 2, KEEP",
        "BERT, GRADUAL, PLATEAU, ALL, 0.1, ADAM, 1, KEEP",
        "BERT, GRADUAL, STEPS, LORA, 0, ADAM, 1, KEEP",
        "BERT, FINE_TUNE, STEPS, BIASES, 0, ADAM, 1, KEEP",
        "GPT, GRADUAL, PLATEAU, ALL, 0.1, SGD, 2, KEEP",
        "RESNET, LP_FT, PLATEAU, ALL, 0.2, ADAMW, 1, KEEP",
        "RESNET, FINE_TUNE, STEPS, ALL, 0, ADAM, 2, KEEP",
        "SQUEEZE, FINE_TUNE, STEPS, ALL, 0, SGD, 1, KEEP",
        "RESNET, FINE_TUNE, STEPS, ALL, 0.1, ADAMW, 1, UPDATE",
        "RESNET, GRADUAL, STEPS, ALL, 0, SGD, 2, UPDATE",
        "MOBILE, LP_FT, PLATEAU, ALL, 0, ADAM, 2, UPDATE",
        "MOBILE, FINE_TUNE, STEPS, BIASES, 0, ADAM, 1, UPDATE"
    })
    void shouldLearnTheSameBitsWhenInterrupted(
            TestNetworks network,
            Strategy strategy,
            PhaseBy by,
            TopParameters parameters,
            double dropout,
            Updater updater,
            int threads,
            BatchStatistics batchNorm) {
        int blocks = network == TestNetworks.SQUEEZE ? 1 : 2;
        StrategyConfig plain = TopRig.strategy(strategy, blocks, by, parameters, dropout);
        StrategyConfig how = batchNorm == BatchStatistics.UPDATE ? TopRig.updating(plain) : plain;
        double decay = updater == Updater.ADAMW ? 0.01 : 0;
        OptimiserConfig rule = new OptimiserConfig(updater, 0.9, decay, Schedule.COSINE, 2, 20, 1, 0.5, 0.5, 0.01);
        AdaptationConfig config = TopRig.config(network.task(), how, rule);
        try (TopRig one = TopRig.open(
                        network.manifest(folder), config, network.samples(24, 4), Compute.ofThreads(threads));
                TopRig other = TopRig.open(
                        network.manifest(folder), config, network.samples(24, 4), Compute.ofThreads(threads))) {
            Map<String, List<Float>> whole = learned(one, false);

            assertThat(learned(one, true)).isEqualTo(whole);
            assertThat(learned(other, false)).isEqualTo(whole);
        }
    }

    private static Map<String, List<Float>> learned(TopRig rig, boolean interrupted) {
        Head head = rig.model().heads().create(2);
        int from = 0;
        for (int step = 0; step < SPLIT.length; step++) {
            HeadState state = head.state();
            assertThat(HeadTraining.of(rig.config()).canGoOn(state)).isTrue();
            if (interrupted || step == GROWS_AT) {
                float[][] before = head.probabilities(rig.features());
                head.close();
                head = rig.model().heads().restore(step == GROWS_AT ? HeadGrowth.grown(state, 3) : state);
                requireSameLogits(head.probabilities(rig.features()), before);
            }
            rig.train(head, from, from + SPLIT[step]);
            from += SPLIT[step];
        }
        HeadState state = head.state();
        head.close();
        Map<String, List<Float>> learned = new TreeMap<>();
        state.parameters().forEach((name, tensor) -> learned.put(name, floats(tensor)));
        state.optimiser().forEach((name, tensor) -> learned.put("optimiser " + name, floats(tensor)));
        return learned;
    }

    private static void requireSameLogits(float[][] after, float[][] before) {
        for (int row = 0; row < before.length; row++) {
            assertThat(Math.log(after[row][0] / after[row][1]))
                    .isCloseTo(Math.log(before[row][0] / before[row][1]), within(1e-4));
        }
    }

    private static List<Float> floats(Tensor.F32 tensor) {
        List<Float> floats = new java.util.ArrayList<>();
        for (float value : tensor.values()) {
            floats.add(value);
        }
        return floats;
    }
}
