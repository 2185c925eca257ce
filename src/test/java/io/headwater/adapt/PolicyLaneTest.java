package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.CheckpointConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.ReplayConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TopConfig;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Label.Transition;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.engine.DividedModel;
import io.headwater.engine.cache.FeatureCache;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Safetensors;
import io.headwater.ops.Tasks;
import io.headwater.task.Featurizer;
import io.headwater.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests lanes that train policies: the target network lags behind the trained one, and both are in the checkpoint. */
class PolicyLaneTest {
    private static final int STEP = 6;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"LINEAR_PROBE, 1", "LINEAR_PROBE, 4", "FINE_TUNE, 3", "FINE_TUNE, 100"})
    void shouldLearnTheSameBytesWhenResumedAfterEachStepAndWhenReplayed(Strategy strategy, int targetSteps) {
        AdaptationConfig config = config(strategy, targetSteps);
        try (Rig rig = new Rig(config)) {
            List<Example> samples = rig.samples(54, 11);
            LaneLearner whole = rig.untrained();
            LaneLearner resumed = rig.untrained();
            LaneLearner replayed = rig.untrained();
            HeadArtifact champion = null;
            for (int from = 0; from < samples.size(); from += STEP) {
                List<Example> step = samples.subList(from, from + STEP);
                StepReport once = whole.step(step);
                StepReport again = resumed.step(step);
                assertThat(again)
                        .usingRecursiveComparison()
                        // What is not kept is NaN in both.
                        .withEqualsForType(Double::equals, Double.class)
                        .isEqualTo(once);
                if (from == 3 * STEP) {
                    champion = whole.artifact();
                    whole.promote(champion);
                    resumed.promote(champion);
                }
                byte[] checkpoint = resumed.checkpoint();
                resumed.close();
                resumed = LaneLearner.restored(config, rig.task.goal(), rig.model.heads(), checkpoint);
                assertThat(resumed.checkpoint()).isEqualTo(checkpoint);
                if (champion != null) {
                    resumed.restoreChampion(champion);
                }
            }
            LaneStream.learn(replayed, samples, STEP);

            assertThat(resumed.checkpoint()).isEqualTo(whole.checkpoint());
            assertThat(replayed.artifact().toBytes()).isEqualTo(whole.artifact().toBytes());
            List.of(whole, resumed, replayed).forEach(LaneLearner::close);
        }
    }

    /**
     * There are two states. In the first, "go" has no reward and leads to the second; there, "go" gives a reward of 1
     * and ends the episode. "stay" changes nothing. With a discount of 0.5 the values of "go" and "stay" are thus 0.5
     * and 0.25 in the first state, 1 and 0.5 in the second.
     */
    @Test
    void shouldLearnTheValuesOfASmallWorld() {
        AdaptationConfig config = config(Strategy.LINEAR_PROBE, 20).withHead(new HeadConfig(16));
        try (Rig rig = new Rig(config);
                LaneLearner lane = rig.untrained()) {
            float[] first = {1, 0, 0, 0};
            float[] second = {0, 1, 0, 0};
            List<Example> world = rig.examples(List.of(
                    pair(first, "go", 0, second, false),
                    pair(first, "stay", 0, first, false),
                    pair(second, "go", 1, new float[0], true),
                    pair(second, "stay", 0, second, false)));
            for (int i = 0; i < 600; i++) {
                lane.step(world);
            }

            try (PublishedHead head = PublishedHead.open(lane.artifact(), rig.model.heads())) {
                float[][] values = head.logits(
                        new float[][] {world.get(0).features(), world.get(2).features()});
                assertThat(head.names()).containsExactly("stay", "go");
                assertThat(values[0][0]).isCloseTo(0.25f, within(0.05f));
                assertThat(values[0][1]).isCloseTo(0.5f, within(0.05f));
                assertThat(values[1][0]).isCloseTo(0.5f, within(0.05f));
                assertThat(values[1][1]).isCloseTo(1f, within(0.05f));
            }
        }
    }

    @Test
    void shouldCompareChampionAndLearnerByTheSameTarget() {
        try (Rig rig = new Rig(config(Strategy.LINEAR_PROBE, 3));
                LaneLearner lane = rig.untrained()) {
            LaneStream.learn(lane, rig.samples(24, 5), STEP);
            lane.promote(lane.artifact());

            List<SampleScores> scored = lane.step(rig.samples(STEP, 6)).scores();

            assertThat(scored).allSatisfy(one -> {
                assertThat(one.champion()).isEqualTo(one.challenger());
                assertThat(one.challengerScore()).isPositive().isLessThanOrEqualTo(1);
            });
        }
    }

    @Test
    void shouldKeepNothingOfATargetNetworkWhereNothingIsBootstrapped() {
        try (LaneLearner classes = LaneStream.untrained(LaneStream.config())) {
            LaneStream.learn(classes, LaneStream.samples(1, 20, 3), 4);

            assertThat(Safetensors.read(classes.checkpoint()).tensors().keySet())
                    .noneMatch(name -> name.startsWith("target/") || name.endsWith("/next"));
        }
    }

    private AdaptationConfig config(Strategy strategy, int targetSteps) {
        String cut = strategy == Strategy.LINEAR_PROBE ? StrategyConfig.AUTO : "low";
        return AdaptationConfig.of("policy", TaskKind.REINFORCEMENT_LEARNING, "numbers")
                .withLabels(List.of("stay", "go"))
                .withTraining(new TrainingConfig(STEP, 0.01, 0, ClassWeights.NONE, 5))
                .withStrategy(new StrategyConfig(cut, strategy, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT))
                .withReinforcement(new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.5, 1, targetSteps, 1))
                .withReplay(new ReplayConfig(20, 8))
                .withCheckpoint(CheckpointConfig.DEFAULT);
    }

    private static Examples.Pair pair(float[] seen, String action, double reward, float[] next, boolean terminal) {
        return new Examples.Pair(
                new Payload.Tensor(List.of(4), seen),
                new Transition(action, new double[] {reward}, next, terminal, false, null, null));
    }

    /** A small network of two blocks, divided as the adaptation configures. */
    private final class Rig implements AutoCloseable {
        final DividedModel model;
        final Task task;
        private final AdaptationConfig config;
        private final Examples examples;

        Rig(AdaptationConfig config) {
            this.config = config;
            BaseModelManifest manifest = PretrainedOutputLayerLaneTest.manifest(folder);
            task = Tasks.of(config, manifest);
            model = BaseModelOpener.open(manifest, Compute.ONE_THREAD)
                    .divide(config, task.goal().output());
            examples = new Examples(task, new Featurizer(task, model.backbone(), new FeatureCache(1 << 16)));
        }

        LaneLearner untrained() {
            return LaneLearner.untrained(config, task.goal(), model.backbone().digest(), model.heads());
        }

        List<Example> examples(List<Examples.Pair> pairs) {
            return examples.of(pairs.stream().map(Outcome::ok).toList()).stream()
                    .map(outcome -> ((Outcome.Ok<Example>) outcome).value())
                    .toList();
        }

        List<Example> samples(int count, long seed) {
            Random random = new Random(seed);
            List<Examples.Pair> pairs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                boolean terminal = random.nextInt(5) == 0;
                pairs.add(pair(
                        numbers(random),
                        random.nextBoolean() ? "go" : "stay",
                        random.nextGaussian(),
                        terminal ? new float[0] : numbers(random),
                        terminal));
            }
            return examples(pairs);
        }

        private static float[] numbers(Random random) {
            float[] numbers = new float[4];
            for (int n = 0; n < numbers.length; n++) {
                numbers[n] = (float) random.nextGaussian();
            }
            return numbers;
        }

        @Override
        public void close() {
            task.close();
            model.close();
        }
    }
}
