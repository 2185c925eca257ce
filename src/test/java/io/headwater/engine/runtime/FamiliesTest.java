package io.headwater.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.OptimiserConfig.Updater;
import io.headwater.config.StrategyConfig;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestNetworks;
import io.headwater.engine.device.Compute;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Tests what the families of {@code docs/models.md} have in common. That a divided model gives the output of the whole
 * one, that its gradients are right and that it is exported as a whole model is tested by {@link TopParityTest},
 * {@link OnnxHeadGradientTest} and {@link NetworkExportTest}.
 */
class FamiliesTest {
    private static final int SAMPLES = 9;
    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldLearnWithAnOutputLayerOnFrozenFeatures(TestNetworks network) {
        requireLearning(network, StrategyConfig.DEFAULT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnWithItsTopmostBlockUnfrozen(TestNetworks network) {
        requireLearning(network, TopRig.fineTune(1));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"BERT", "GPT", "ELMO", "FUSED"})
    void shouldGiveTheSameFeaturesBesideLongerTexts(TestNetworks network) {
        List<ModelInput> samples = network.samples(SAMPLES, 12);
        try (TopRig rig = rig(network, StrategyConfig.DEFAULT, samples)) {
            for (int i = 0; i < SAMPLES; i++) {
                float[] alone =
                        rig.model().backbone().features(List.of(samples.get(i))).get(0);
                assertThat(rig.features()[i]).containsExactly(alone, within(1e-5f));
            }
        }
    }

    /**
     * In a causal model the last token of a text has the features of the whole text, regardless of the padding in a
     * batch.
     */
    @Test
    void shouldTakeTheFeaturesOfTheLastTokenOfACausalModel() throws Exception {
        BaseModelManifest manifest = TestNetworks.GPT.manifest(folder);
        List<ModelInput> samples = TestNetworks.GPT.samples(SAMPLES, 12);
        try (TopRig rig = rig(TestNetworks.GPT, StrategyConfig.DEFAULT, samples);
                OrtSession whole = OnnxRuntime.environment()
                        .createSession(OnnxBackbone.model(manifest).toByteArray())) {
            for (int i = 0; i < SAMPLES; i++) {
                long[] ids = ((ModelInput.Tokens) samples.get(i)).ids();
                try (OnnxTensor tensor = OnnxTensor.createTensor(
                                OnnxRuntime.environment(), LongBuffer.wrap(ids), new long[] {1, ids.length});
                        OrtSession.Result result = whole.run(Map.of("input_ids", tensor))) {
                    float[][][] states = (float[][][]) result.get(0).getValue();
                    assertThat(rig.features()[i]).containsExactly(states[0][ids.length - 1], within(1e-5f));
                }
            }
        }
    }

    private void requireLearning(TestNetworks network, StrategyConfig strategy) {
        try (TopRig rig = rig(network, strategy, network.samples(SAMPLES, 9));
                Head head = rig.model().heads().create(CLASSES)) {
            double before = rig.train(head, 0, SAMPLES);
            for (int step = 0; step < 300; step++) {
                rig.train(head, 0, SAMPLES);
            }
            assertThat(before).isCloseTo(Math.log(CLASSES), within(1e-3));
            assertThat(rig.train(head, 0, SAMPLES)).isLessThan(0.98 * before);
        }
    }

    private TopRig rig(TestNetworks network, StrategyConfig strategy, List<ModelInput> samples) {
        AdaptationConfig config = TopRig.config(network.task(), strategy, TopRig.optimiser(Updater.ADAM, 0.9, 1, 0));
        return TopRig.open(network.manifest(folder), config, samples, Compute.ONE_THREAD);
    }
}
