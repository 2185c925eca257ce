package io.headwater.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.HeadConfig;
import io.headwater.config.HeadConfig.OutputLayerChoice;
import io.headwater.config.StrategyConfig;
import io.headwater.config.StrategyConfig.PhaseBy;
import io.headwater.config.StrategyConfig.Strategy;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TopConfig;
import io.headwater.engine.DividedModel;
import io.headwater.engine.Head;
import io.headwater.engine.ModelInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.device.Compute;
import io.headwater.engine.model.BaseModelOpener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import onnx.Onnx.GraphProto;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests lanes that start from the output layer of their base model, with the classes listed in another order. */
class PretrainedOutputLayerLaneTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"LINEAR_PROBE", "FINE_TUNE"})
    void shouldLearnTheSameBytesWhenResumedAndWhenReplayed(Strategy strategy) {
        AdaptationConfig config = config(strategy);
        try (DividedModel model = BaseModelOpener.open(manifest(folder), Compute.ONE_THREAD)
                        .divide(config);
                LaneLearner whole = untrained(config, model);
                LaneLearner replayed = untrained(config, model)) {
            LaneLearner resumed = untrained(config, model);
            List<Example> samples = samples(model);
            for (int from = 0; from < samples.size(); from += 5) {
                List<Example> step = samples.subList(from, Math.min(from + 5, samples.size()));
                whole.step(step);
                resumed.step(step);
                byte[] checkpoint = resumed.checkpoint();
                resumed.close();
                resumed = LaneLearner.restored(config, LaneStream.goal(config), model.heads(), checkpoint);
            }
            LaneStream.learn(replayed, samples, 5);

            assertThat(resumed.checkpoint()).isEqualTo(whole.checkpoint());
            assertThat(replayed.checkpoint()).isEqualTo(whole.checkpoint());
            assertThat(whole.labels()).containsExactly("right", "left");
            resumed.close();
        }
    }

    /** Scores of the model are left, right = ramp(6) as a matrix of hidden features. */
    @ParameterizedTest
    @EnumSource(names = {"LINEAR_PROBE", "FINE_TUNE"})
    void shouldPublishTheBaseModelBeforeItLearns(Strategy strategy) {
        AdaptationConfig config = config(strategy);
        AdaptationConfig probe = config(Strategy.LINEAR_PROBE);
        float[] weights = TestModels.ramp(6);
        try (DividedModel model = BaseModelOpener.open(manifest(folder), Compute.ONE_THREAD)
                        .divide(config);
                DividedModel pooled = BaseModelOpener.open(manifest(folder), Compute.ONE_THREAD)
                        .divide(probe);
                LaneLearner lane = untrained(config, model);
                Head first = lane.artifact().open(model.heads())) {
            ModelInput sample = new ModelInput.Numbers(new float[] {1, -2, 0.5f, 3});
            float[] hidden = pooled.backbone().features(List.of(sample)).get(0);
            double left = 0;
            double right = 0;
            for (int i = 0; i < hidden.length; i++) {
                left += hidden[i] * weights[2 * i];
                right += hidden[i] * weights[2 * i + 1];
            }

            float[][] features = model.backbone().features(List.of(sample)).toArray(float[][]::new);

            assertThat(lane.labels()).containsExactly("right", "left");
            assertThat((double) first.probabilities(features)[0][0])
                    .isCloseTo(1 / (1 + Math.exp(left - right)), within(1e-5));
        }
    }

    /** observation [N, 4] → MatMul, Tanh → "low" [N, 5] → MatMul, Tanh → "hidden" [N, 3] → MatMul → "scores" [N, 2]. */
    static BaseModelManifest manifest(Path folder) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("kept")
                .addInput(TestModels.value("observation", TestModels.FLOAT, 0, 4))
                .addInitializer(TestModels.weight("w1", TestModels.FLOAT, TestModels.ramp(20), 4, 5))
                .addInitializer(TestModels.weight("w2", TestModels.FLOAT, TestModels.ramp(15), 5, 3))
                .addInitializer(TestModels.weight("w3", TestModels.FLOAT, TestModels.ramp(6), 3, 2))
                .addNode(TestModels.node("MatMul", "mixed", "observation", "w1"))
                .addNode(TestModels.node("Tanh", "low", "mixed"))
                .addNode(TestModels.node("MatMul", "joined", "low", "w2"))
                .addNode(TestModels.node("Tanh", "hidden", "joined"))
                .addNode(TestModels.node("MatMul", "scores", "hidden", "w3"))
                .addOutput(TestModels.value("scores", TestModels.FLOAT, 0, 2));
        return new BaseModelManifest(
                        "numbers",
                        "none",
                        TestModels.write(folder, TestModels.model(graph.build()).toByteArray()),
                        new TensorInput("observation", List.of(4), List.of()),
                        "hidden",
                        Pooling.NONE,
                        false)
                .withLabels(List.of("left", "right"));
    }

    private static AdaptationConfig config(Strategy strategy) {
        String cut = strategy == Strategy.LINEAR_PROBE ? StrategyConfig.AUTO : "low";
        return AdaptationConfig.of("kept", TaskKind.TENSOR_CLASSIFICATION, "numbers")
                .withLabels(List.of("right", "left"))
                .withHead(new HeadConfig(0, OutputLayerChoice.KEEP))
                .withStrategy(new StrategyConfig(cut, strategy, 0, PhaseBy.STEPS, 1, TopConfig.DEFAULT));
    }

    private static LaneLearner untrained(AdaptationConfig config, DividedModel model) {
        return LaneLearner.untrained(
                config, LaneStream.goal(config), model.backbone().digest(), model.heads());
    }

    private static List<Example> samples(DividedModel model) {
        Random random = new Random(4);
        List<Example> samples = new ArrayList<>();
        for (int i = 0; i < 33; i++) {
            float[] numbers = new float[4];
            for (int n = 0; n < numbers.length; n++) {
                numbers[n] = (float) random.nextGaussian();
            }
            float[] features = model.backbone()
                    .features(List.of(new ModelInput.Numbers(numbers)))
                    .get(0);
            samples.add(LaneStream.example(features, numbers[0] > 0 ? "left" : "right"));
        }
        return samples;
    }
}
