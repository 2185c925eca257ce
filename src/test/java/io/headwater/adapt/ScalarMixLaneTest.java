package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.config.TopConfig.BatchStatistics;
import io.headwater.config.TopConfig.TopParameters;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a lane whose head is a scalar mix of two layers of a policy. */
class ScalarMixLaneTest {
    private static final int STEPS = 8;
    private static final int SIZE = 3;

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnBitForBitFromACheckpointAfterEveryStep() {
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4);
        AdaptationConfig config = mixing("mixed", "hidden");
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config)) {
            List<Digest> whole = run(config, model, -1);

            for (int restart = 0; restart < STEPS; restart++) {
                assertThat(run(config, model, restart))
                        .as("after step " + restart)
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void shouldRefuseTheArtifactOfAnotherMix() {
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.policy(0), "hidden", Pooling.NONE, 4);
        AdaptationConfig config = mixing("mixed", "hidden");
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config);
                DividedModel turned =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(mixing("hidden", "mixed"));
                LaneLearner learner = LaneLearner.untrained(
                        config, LaneStream.goal(config), model.backbone().digest(), model.heads())) {
            learner.step(examples(model).subList(0, SIZE));
            HeadArtifact artifact = learner.artifact();

            artifact.open(model.heads()).close();
            assertThatThrownBy(() -> artifact.open(turned.heads()))
                    .hasMessageContaining("mix of [mixed, hidden]")
                    .hasMessageContaining("mix of [hidden, mixed]");
        }
    }

    /** Artifact and checkpoint after all steps; the lane is closed and restored after step {@code restart}, if not -1. */
    private static List<Digest> run(AdaptationConfig config, DividedModel model, int restart) {
        List<Example> stream = examples(model);
        LaneLearner learner = LaneLearner.untrained(
                config, LaneStream.goal(config), model.backbone().digest(), model.heads());
        for (int step = 0; step < STEPS; step++) {
            learner.step(stream.subList(step * SIZE, (step + 1) * SIZE));
            if (step == restart) {
                byte[] checkpoint = learner.checkpoint();
                learner.close();
                learner = LaneLearner.restored(config, LaneStream.goal(config), model.heads(), checkpoint);
            }
        }
        assertThat(learner.artifact().parameters()).containsKeys("mix/s", "mix/gamma");
        List<Digest> bytes = List.of(Digest.of(learner.artifact().toBytes()), Digest.of(learner.checkpoint()));
        learner.close();
        return bytes;
    }

    private static List<Example> examples(DividedModel model) {
        Random random = new Random(4);
        List<ModelInput> inputs = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < STEPS * SIZE; i++) {
            float[] observation = new float[4];
            for (int value = 0; value < 4; value++) {
                observation[value] = (float) random.nextGaussian();
            }
            inputs.add(new ModelInput.Numbers(observation));
            labels.add(i > STEPS && i % 5 == 0 ? "late" : observation[0] > observation[1] ? "left" : "right");
        }
        List<float[]> features = model.backbone().features(inputs);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            examples.add(LaneStream.example(features.get(i), labels.get(i)));
        }
        return examples;
    }

    private static AdaptationConfig mixing(String... tensors) {
        StrategyConfig plain = StrategyConfig.DEFAULT;
        TopConfig top = new TopConfig(TopParameters.ALL, 8, 16, 0, List.of(tensors), BatchStatistics.KEEP);
        return LaneStream.config()
                .withStrategy(new StrategyConfig(
                        StrategyConfig.AUTO, Strategy.LINEAR_PROBE, 0, plain.phaseBy(), plain.phaseSteps(), top));
    }
}
