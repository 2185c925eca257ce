package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.HeadState;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the unfrozen top of MiniLM. */
class OnnxHeadTest {
    private static final BaseModelManifest MINI_LM = BaseModelFile.builtIn("minilm");
    private static final List<ModelInput> SENTENCES = sentences(9);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6})
    void shouldPassTheFeaturesOfTheWholeModelToItsOutputLayer(int blocks) {
        try (DividedModel whole =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config(Strategy.LINEAR_PROBE, 0));
                DividedModel divided =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config(Strategy.FINE_TUNE, blocks));
                Head probe = whole.heads().create(3);
                Head head = divided.heads().create(3)) {
            Tensor.F32 weights = randomWeights(whole.backbone().width(), 3);

            float[][] expected = answers(whole, probe, weights);
            float[][] actual = answers(divided, head, weights);

            for (int i = 0; i < expected.length; i++) {
                for (int k = 0; k < 3; k++) {
                    assertThat(actual[i][k]).isCloseTo(expected[i][k], within(1e-5f));
                }
            }
        }
    }

    @Test
    void shouldLearnItsSamples() {
        try (DividedModel divided =
                        BaseModelOpener.open(MINI_LM, Compute.ONE_THREAD).divide(config(Strategy.FINE_TUNE, 1));
                Head head = divided.heads().create(2)) {
            float[][] features = divided.backbone().features(SENTENCES).toArray(float[][]::new);
            float[][] targets = new float[features.length][];
            float[] weights = new float[features.length];
            for (int i = 0; i < features.length; i++) {
                targets[i] = i % 2 == 0 ? new float[] {1, 0} : new float[] {0, 1};
                weights[i] = 1;
            }
            double first = head.train(features, targets, weights);
            for (int i = 0; i < 30; i++) {
                head.train(features, targets, weights);
            }
            assertThat(head.train(features, targets, weights)).isLessThan(first / 3);
        }
    }

    @Test
    void shouldPutAChangeOfLowRankBesideAProductThatIsNamedAsItsOutput(@TempDir Path folder) {
        BaseModelManifest model = TestModels.text(folder);
        TopConfig lora = new TopConfig(TopParameters.LORA, 2, 4, 0);
        AdaptationConfig config = config(Strategy.FINE_TUNE, 1)
                .withStrategy(new StrategyConfig(StrategyConfig.AUTO, Strategy.FINE_TUNE, 1, PhaseBy.STEPS, 3, lora));

        try (DividedModel divided =
                        BaseModelOpener.open(model, Compute.ONE_THREAD).divide(config);
                Head head = divided.heads().create(2)) {
            assertThat(head.state().parameters())
                    .containsOnlyKeys("lora/layer.1/w/A", "lora/layer.1/w/B", "output/W", "output/b");
        }
    }

    private static float[][] answers(DividedModel model, Head head, Tensor.F32 weights) {
        HeadState state = head.state();
        var parameters = new java.util.TreeMap<>(state.parameters());
        parameters.put("output/W", weights);
        try (Head answering = model.heads().answering(parameters)) {
            return answering.probabilities(model.backbone().features(SENTENCES).toArray(float[][]::new));
        }
    }

    private static Tensor.F32 randomWeights(int inputs, int outputs) {
        Random random = new Random(5);
        float[] values = new float[inputs * outputs];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Tensor.F32(new int[] {inputs, outputs}, values);
    }

    private static AdaptationConfig config(Strategy strategy, int blocks) {
        return AdaptationConfig.of("test", TaskKind.TEXT_CLASSIFICATION, "minilm")
                .withStrategy(
                        new StrategyConfig(StrategyConfig.AUTO, strategy, blocks, PhaseBy.STEPS, 3, TopConfig.DEFAULT));
    }

    private static List<ModelInput> sentences(int count) {
        Random random = new Random(3);
        List<ModelInput> sentences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long[] ids = random.longs(3 + random.nextInt(20), 1000, 30000).toArray();
            ids[0] = 101;
            ids[ids.length - 1] = 102;
            sentences.add(new ModelInput.Tokens(ids));
        }
        return sentences;
    }
}
