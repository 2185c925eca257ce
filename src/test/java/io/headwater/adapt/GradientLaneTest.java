package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static io.headwater.adapt.LaneStream.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.adapt.memory.StoredSample;
import io.headwater.adapt.race.FirstWeights;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.GuardConfig;
import io.headwater.config.HeadConfig;
import io.headwater.config.LimitsConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TopConfig;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.config.TrainingConfig.GradientConfig;
import io.headwater.config.TrainingConfig.GradientConfig.ScalingChoice;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.Heads;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.closed.LinearWeights;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.engine.weights.Tensor;
import io.headwater.task.LinearTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what a lane does with the samples of a batch when it is trained by gradients. */
class GradientLaneTest {
    private static final GuardConfig NO_GUARD = new GuardConfig(0, 2);

    @TempDir
    private Path folder;

    @Property(tries = 10)
    void shouldGoOnBitForBitFromACheckpointBeforeAndAfterTheWarmStart(
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(max = 12) int hidden,
            @ForAll @Size(min = 4, max = 10) List<@IntRange(min = 1, max = 6) Integer> cuts,
            @ForAll @IntRange(max = 9) int restart) {
        AdaptationConfig config =
                config(hidden, new GradientConfig(3, ScalingChoice.RUNNING, 4, 10), ClassWeights.NONE);

        assertThat(run(config, seed, cuts, restart % cuts.size())).isEqualTo(run(config, seed, cuts, -1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 9})
    void shouldPredictAsTheClosedFormUntilGradientsBegin(int hidden) {
        AdaptationConfig config =
                config(hidden, new GradientConfig(3, ScalingChoice.RUNNING, 4, 40), ClassWeights.NONE);
        List<Example> stream = samples(5, 40, 4);

        try (LaneLearner lane = untrained(config)) {
            // The weights are computed again whenever a quarter more samples have come, which all of them have at once.
            LaneStream.learn(lane, stream, 40);

            List<StoredSample> stored = stored(lane, stream);
            LinearWeights closed = closed(LaneStream.WIDTH, stored);
            try (Head head = lane.artifact().open(LaneStream.heads(config))) {
                assertSameLogits(head, stored, stored, closed);
            }
        }
    }

    @Test
    void shouldPredictAsTheClosedFormOnActivationsOfAHiddenLayerThatIsTooSmallForLinearLogits() {
        AdaptationConfig config = config(3, new GradientConfig(3, ScalingChoice.RUNNING, 4, 40), ClassWeights.NONE);
        List<Example> stream = samples(5, 40, 4);

        try (LaneLearner lane = untrained(config);
                Heads heads = LaneStream.heads(config)) {
            LaneStream.learn(lane, stream, 40);

            List<StoredSample> stored = stored(lane, stream);
            List<StoredSample> hidden = Penultimate.of(heads, lane.artifact().parameters(), stored);
            try (Head head = lane.artifact().open(heads)) {
                assertSameLogits(head, stored, hidden, closed(3, hidden));
            }
        }
    }

    private static LinearWeights closed(int width, List<StoredSample> stored) {
        int outputs = 1 + stored.stream().mapToInt(StoredSample::stratum).max().orElse(0);
        return FirstWeights.of(LinearTarget.CLASSES, width, stored, outputs).orElseThrow();
    }

    private static void assertSameLogits(
            Head head, List<StoredSample> samples, List<StoredSample> read, LinearWeights closed) {
        for (int i = 0; i < samples.size(); i++) {
            float[] logits = head.logits(new float[][] {samples.get(i).features()})[0];
            float[] expected = closed.logits(read.get(i).features());
            for (int k = 0; k < logits.length; k++) {
                assertThat(logits[k]).isCloseTo(expected[k], within(1e-3f));
            }
        }
    }

    @Test
    void shouldLearnTheFrequenciesOfTheStreamFromEvenlyReplayedSamples() {
        // Given: features that say nothing about the class
        Random random = new Random(3);
        List<Example> stream = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            stream.add(LaneStream.example(new float[] {1, 0, 0, 0, 0, 0}, random.nextInt(20) == 0 ? "rare" : "common"));
        }

        assertThat(rare(stream, ClassWeights.NONE)).isCloseTo(0.05f, within(0.02f));
        assertThat(rare(stream, ClassWeights.BALANCED)).isCloseTo(0.5f, within(0.06f));
    }

    private static float rare(List<Example> stream, ClassWeights weights) {
        AdaptationConfig config = config(0, new GradientConfig(4, ScalingChoice.RUNNING, 64, 0), weights)
                .withReplay(new ReplayConfig(100, 28));
        try (LaneLearner lane = untrained(config)) {
            LaneStream.learn(lane, stream, 4);
            try (Head head = lane.artifact().open(LaneStream.heads(config))) {
                return head.probabilities(new float[][] {stream.get(0).features()})[0][
                        lane.labels().indexOf("rare")];
            }
        }
    }

    @Test
    void shouldSetOnlyTheOutputLayerOfAnUnfrozenTopUntilGradientsBegin() {
        AdaptationConfig config = LaneStream.with(
                        new HeadConfig(0),
                        new TrainingConfig(4, 0.05, 0, ClassWeights.NONE, 3)
                                .withGradients(new GradientConfig(2, ScalingChoice.NONE, 0, 24)),
                        NO_GUARD,
                        LimitsConfig.DEFAULT)
                .withReplay(new ReplayConfig(64, 4))
                .withStrategy(new StrategyConfig("low", Strategy.FINE_TUNE, 0, PhaseBy.STEPS, 100, TopConfig.DEFAULT));
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.deepPolicy(), "hidden", Pooling.NONE, 4);
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config)) {
            List<Example> stream = examples(model, 48);
            LaneLearner lane = lane(config, model);
            LaneStream.learn(lane, stream.subList(0, 24), 24);
            var first = lane.artifact().parameters();
            try (Head fresh = model.heads().create(lane.labels().size())) {
                fresh.state().parameters().forEach((name, tensor) -> {
                    if (name.startsWith("output/")) {
                        assertThat(values(first, name)).isNotEqualTo(tensor.values());
                    } else {
                        assertThat(values(first, name)).isEqualTo(tensor.values());
                    }
                });
            }
            List<StoredSample> stored = stored(lane, stream.subList(0, 24));
            List<StoredSample> activations =
                    Penultimate.of(model.heads(), lane.artifact().parameters(), stored);
            try (Head head = lane.artifact().open(model.heads())) {
                assertSameLogits(
                        head, stored, activations, closed(activations.get(0).features().length, activations));
            }

            byte[] checkpoint = lane.checkpoint();
            lane.close();
            try (LaneLearner resumed =
                    LaneLearner.restored(config, LaneStream.goal(config), model.heads(), checkpoint)) {
                LaneStream.learn(resumed, stream.subList(24, 48), 4);
                var later = resumed.artifact().parameters();
                assertThat(later.keySet()).isEqualTo(first.keySet());
                later.forEach(
                        (name, tensor) -> assertThat(tensor.values()).as(name).isNotEqualTo(values(first, name)));
            }
        }
    }

    private static LaneLearner lane(AdaptationConfig config, DividedModel model) {
        return LaneLearner.untrained(
                config, LaneStream.goal(config), model.backbone().digest(), model.heads());
    }

    private static List<Example> examples(DividedModel model, int count) {
        List<Example> examples = new ArrayList<>();
        Random random = new Random(8);
        for (int i = 0; i < count; i++) {
            float[] input = new float[4];
            for (int j = 0; j < input.length; j++) {
                input[j] = (float) random.nextGaussian();
            }
            float[] features = model.backbone()
                    .features(List.of(new ModelInput.Numbers(input)))
                    .get(0);
            examples.add(LaneStream.example(features, input[0] + input[1] > 0 ? "right" : "left"));
        }
        return examples;
    }

    private static float[] values(Map<String, Tensor.F32> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name), name).values();
    }

    private static List<StoredSample> stored(LaneLearner lane, List<Example> stream) {
        return stream.stream()
                .map(one -> {
                    int label = lane.labels().indexOf(one.truth().text());
                    return new StoredSample(one.features(), new float[] {label}, label);
                })
                .toList();
    }

    private static AdaptationConfig config(int hidden, GradientConfig gradients, ClassWeights weights) {
        return LaneStream.with(
                        new HeadConfig(hidden),
                        new TrainingConfig(4, 0.02, 0, weights, 3).withGradients(gradients),
                        NO_GUARD,
                        LimitsConfig.DEFAULT)
                .withReplay(new ReplayConfig(64, 8));
    }

    /** Artifact and checkpoint after all steps; the lane is closed and restored after step {@code restart}, if not -1. */
    private static List<Digest> run(AdaptationConfig config, int seed, List<Integer> cuts, int restart) {
        List<Example> stream =
                samples(seed, cuts.stream().mapToInt(Integer::intValue).sum(), 4);
        Heads heads = LaneStream.heads(config);
        LaneLearner learner = untrained(config);
        int from = 0;
        for (int step = 0; step < cuts.size(); step++) {
            learner.step(stream.subList(from, from + cuts.get(step)));
            from += cuts.get(step);
            if (step == restart) {
                byte[] checkpoint = learner.checkpoint();
                learner.close();
                learner = LaneLearner.restored(config, LaneStream.goal(config), heads, checkpoint);
            }
        }
        List<Digest> bytes = List.of(Digest.of(learner.artifact().toBytes()), Digest.of(learner.checkpoint()));
        learner.close();
        return bytes;
    }
}
