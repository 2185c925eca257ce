package io.headwater.adapt;

import static io.headwater.adapt.LaneStream.samples;
import static io.headwater.adapt.LaneStream.untrained;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ConfigurationException;
import io.headwater.config.TrainingConfig.RememberConfig.Method;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Heads;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what keeps heads that are trained by gradients from forgetting. */
class RememberingLaneTest {
    /** Enough for former versions and anchors to be set more than once. */
    private static final int STEPS = 50;

    @TempDir
    private Path folder;

    @Property(tries = 12)
    void shouldGoOnBitForBitFromACheckpoint(
            @ForAll Method method,
            @ForAll @IntRange(max = 1000) int seed,
            @ForAll @IntRange(max = 8) int hidden,
            @ForAll @IntRange(max = STEPS - 1) int restart) {
        AdaptationConfig config = config(method, "head.hidden: " + hidden);

        assertThat(run(config, LaneStream.heads(config), samples(seed, 4 * STEPS, 4), restart))
                .isEqualTo(run(config, LaneStream.heads(config), samples(seed, 4 * STEPS, 4), -1));
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldGoOnBitForBitWithAnUnfrozenTop(Method method) {
        AdaptationConfig config = config(method, "training.strategy: fine-tune\ncut: low");
        BaseModelManifest manifest = TestModels.tensor(folder, TestModels.deepPolicy(), "hidden", Pooling.NONE, 4);
        try (DividedModel model =
                BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config)) {
            List<Example> stream = examples(model, 4 * STEPS);

            assertThat(run(config, model.heads(), stream, 33)).isEqualTo(run(config, model.heads(), stream, -1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void shouldLearnOtherWeightsWithEachMethod(int hidden) {
        List<Digest> heads = new ArrayList<>();
        for (Method method : Method.values()) {
            AdaptationConfig config = config(method, "head.hidden: " + hidden);
            heads.add(run(config, LaneStream.heads(config), samples(3, 4 * STEPS, 4), -1)
                    .get(0));
        }

        assertThat(heads).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void shouldGoOnAfterAnotherMethodAndFromAnotherLane(Method method) {
        for (Method before : Method.values()) {
            AdaptationConfig first = config(before, "head.hidden: 5");
            byte[] checkpoint;
            try (LaneLearner lane = untrained(first)) {
                LaneStream.learn(lane, samples(3, 120, 3), 4);
                checkpoint = lane.checkpoint();
            }

            AdaptationConfig next = config(method, "head.hidden: 5");
            try (LaneLearner restored =
                            LaneLearner.restored(next, LaneStream.goal(next), LaneStream.heads(next), checkpoint);
                    LaneLearner started =
                            LaneLearner.startedFrom(next, LaneStream.goal(next), LaneStream.heads(next), checkpoint)) {
                // A fourth class appears, of which nothing is remembered.
                LaneStream.learn(restored, samples(4, 120, 4), 4);
                LaneStream.learn(started, samples(4, 120, 4), 4);
                assertThat(restored.labels()).hasSize(4);
                assertThat(started.labels()).hasSize(4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "REPLAY", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseToRememberActionValues(Method method) {
        assertThatThrownBy(() -> AdaptationFile.parse(
                        "policy",
                        "name: policy\ntask: reinforcement-learning\nbase: test\nlabels: [left, right]\n"
                                + "training.remember: " + name(method)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("training.remember must be replay with task reinforcement-learning");
    }

    private static AdaptationConfig config(Method method, String keys) {
        return AdaptationFile.parse("lanes", """
                name: lanes
                task: text-classification
                base: minilm
                head.learns: gradient
                training.batch-size: 4
                training.learning-rate: 0.02
                training.steps: 1
                training.warm-start: 12
                replay.capacity: 20
                replay.per-step: 6
                guard.samples: 8
                guard.every: 4
                training.remember: %s
                %s
                """.formatted(name(method), keys));
    }

    private static String name(Method method) {
        return method.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Artifact and checkpoint after all steps; the lane is closed and restored after step {@code restart}, if not -1. */
    private static List<Digest> run(AdaptationConfig config, Heads heads, List<Example> stream, int restart) {
        LaneLearner lane = LaneLearner.untrained(config, LaneStream.goal(config), LaneStream.BASE, heads);
        for (int step = 0; step < stream.size() / 4; step++) {
            lane.step(stream.subList(4 * step, 4 * step + 4));
            if (step == restart) {
                byte[] checkpoint = lane.checkpoint();
                lane.close();
                lane = LaneLearner.restored(config, LaneStream.goal(config), heads, checkpoint);
            }
        }
        List<Digest> bytes = List.of(Digest.of(lane.artifact().toBytes()), Digest.of(lane.checkpoint()));
        lane.close();
        return bytes;
    }

    private static List<Example> examples(DividedModel model, int count) {
        Random random = new Random(8);
        List<Example> examples = new ArrayList<>();
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
}
