package io.headwater.bench;

import io.headwater.adapt.LaneLearner;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationConfig.AnchorConfig;
import io.headwater.config.AdaptationConfig.CheckpointConfig;
import io.headwater.config.AdaptationConfig.ClassWeights;
import io.headwater.config.AdaptationConfig.HeadConfig;
import io.headwater.config.AdaptationConfig.LimitsConfig;
import io.headwater.config.AdaptationConfig.PromotionConfig;
import io.headwater.config.AdaptationConfig.ReplayConfig;
import io.headwater.config.AdaptationConfig.TrainingConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.BaseModelManifest.TensorInput;
import io.headwater.config.FeaturesConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.StrategyConfig;
import io.headwater.config.TaskKind;
import io.headwater.domain.Digest;
import io.headwater.engine.Compute;
import io.headwater.engine.DividedModel;
import io.headwater.engine.EngineInfo;
import io.headwater.engine.ModelInput;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.standalone.play.Environment;
import io.headwater.standalone.play.Environments;
import io.headwater.standalone.play.PolicyTraining;
import io.headwater.standalone.play.Practice;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.task.Goal;
import io.headwater.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;

/**
 * How many episodes a policy needs in a changed world: one that was trained in the classic cart-pole and keeps its lower
 * layers, with a new output layer, against the same network from nothing. Both see as many transitions, take as many steps
 * and act at random as often. In one process, without a broker; the same numbers every time.
 */
final class PolicyBench {
    /** A pole twice as long, gravity doubled, and a motor half as strong again that is wired the other way round. */
    private static final Map<String, Double> CHANGED =
            new TreeMap<>(Map.of("gravity", 20.0, "pole-length", 1.0, "force", -15.0, "max-steps", 200.0));

    private static final int WIDTH = 64;
    private static final double TARGET = 195;
    private static final int EVALUATED = 5;
    private static final ReinforcementConfig LEARNING =
            new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.97, 3, 300, 10);
    private static final ReplayConfig REPLAY = new ReplayConfig(10_000, 63);
    private static final double RATE_OF_ALL = Double.parseDouble(System.getProperty("ra", "0.0005"));
    private static final double RATE_OF_OUTPUT = Double.parseDouble(System.getProperty("ro", "0.003"));

    private PolicyBench() {}

    public static void main(String[] args) throws IOException {
        int seeds = Integer.getInteger("seeds", 1); int episodes = Integer.getInteger("eps", 100);
        for (long seed = 1; seed <= seeds; seed++) {
          byte[] source = Files.readAllBytes(Path.of(System.getProperty("pol")));
          long t=System.nanoTime();
          if (!"0".equals(System.getProperty("ad"))) System.out.println("adapted "+adapted(source, seed, episodes)+" "+(System.nanoTime()-t)/1e9);
          t=System.nanoTime();
          if (!"0".equals(System.getProperty("sc"))) System.out.println("scratch "+scratch(seed, episodes)+" "+(System.nanoTime()-t)/1e9);
        }
    }

    private static Exploration exploration(long seed) {
        return new Exploration(1, 0.05, Integer.getInteger("decay", 40), seed);
    }

    private static FamilyModel network(long seed) {
        return new Perceptron(4, List.of(WIDTH, WIDTH), 2, Activation.RELU).model("policy", "observation", "values", seed);
    }

    private static List<Double> scratch(long seed, int episodes) {
        PolicyTraining.Rule rule =
                new PolicyTraining.Rule(RATE_OF_ALL, 1, REPLAY, LEARNING, exploration(seed), 1);
        try (PolicyTraining training =
                new PolicyTraining(Environments.of("cart-pole", CHANGED), network(1000 + seed), rule, null)) {
            return curve(training::episode, training::evaluate, episodes);
        }
    }

    private static List<Double> curve(DoubleSupplier episode, IntFunction<Double> evaluate, int episodes) {
        List<Double> curve = new ArrayList<>();
        for (int i = 0; i < episodes; i++) {
            episode.getAsDouble();
            curve.add(Bench.rounded(evaluate.apply(EVALUATED), 1));
            if (curve.get(i) >= TARGET) break;
        }
        return curve;
    }

    private static List<Double> adapted(byte[] source, long seed, int episodes) throws IOException {
        Path folder = Files.createTempDirectory("policy");
        Path file = Files.write(folder.resolve("policy.onnx"), source);
        BaseModelManifest manifest = new BaseModelManifest(
                "policy",
                "none",
                new ModelFile(file.toString(), Digest.of(source)),
                new TensorInput("observation", List.of(4), List.of()),
                network(1).features(),
                Pooling.NONE,
                false);
        Environment environment = Environments.of("cart-pole", CHANGED);
        AdaptationConfig config = new AdaptationConfig(
                "changed",
                TaskKind.REINFORCEMENT_LEARNING,
                "policy",
                environment.actions(),
                null,
                HeadConfig.DEFAULT,
                new TrainingConfig(1, RATE_OF_OUTPUT, 0, ClassWeights.NONE, seed),
                StrategyConfig.DEFAULT,
                OptimiserConfig.DEFAULT,
                LEARNING,
                FeaturesConfig.DEFAULT,
                REPLAY,
                CheckpointConfig.TRANSITIONS,
                AnchorConfig.NONE,
                PromotionConfig.DEFAULT,
                LimitsConfig.DEFAULT);
        Goal goal = Tasks.policy(config);
        try (DividedModel model = DividedModel.open(manifest, config, goal.output(), Compute.ONE_THREAD);
                LaneLearner lane =
                        LaneLearner.untrained(config, goal, model.backbone().digest(), model.heads())) {
            Practice practice = new Practice(
                    environment,
                    exploration(seed),
                    1,
                    LEARNING.nStep(),
                    goal,
                    model.heads(),
                    seen -> model.backbone()
                            .features(List.of(new ModelInput.Numbers(seen)))
                            .get(0),
                    lane);
            long[] number = {0};
            return curve(() -> practice.learn(number[0]++), n -> {
                double sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += practice.evaluate(-1 - i);
                }
                return sum / n;
            }, episodes);
        }
    }
}
