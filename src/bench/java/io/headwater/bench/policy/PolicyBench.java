package io.headwater.bench.policy;

import io.headwater.adapt.LaneLearner;
import io.headwater.bench.Bench;
import io.headwater.bench.Machine;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TensorInput;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.engine.DividedModel;
import io.headwater.engine.ModelInput;
import io.headwater.engine.device.Compute;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.engine.model.BaseModelOpener;
import io.headwater.ops.Tasks;
import io.headwater.standalone.play.Environment;
import io.headwater.standalone.play.Environments;
import io.headwater.standalone.play.PolicyTraining;
import io.headwater.standalone.play.Practice;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.task.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures how many episodes a policy needs in a changed environment: a policy that was trained in the classic
 * cart-pole and keeps its lower layers with a new output layer, compared with the same network trained from scratch.
 * Both use the same number of transitions and training steps and the same exploration. Runs in one process without a
 * broker and is deterministic.
 */
final class PolicyBench {
    /** A pole twice as long, doubled gravity, and a motor with 1.5 times the force in the opposite direction. */
    private static final Map<String, Double> CHANGED =
            new TreeMap<>(Map.of("gravity", 20.0, "pole-length", 1.0, "force", -15.0, "max-steps", 200.0));

    private static final Map<String, Double> CLASSIC = Map.of("max-steps", 200.0);
    private static final String WORLD = "cart-pole";

    private static final int WIDTH = 64;
    private static final int BATCH = 1;
    private static final double TARGET = 195;
    private static final int EVALUATED = 5;
    private static final int EPISODES = 250;
    /** Number of episodes that a run continues after reaching the target, to show that it was not by chance. */
    private static final int EPISODES_AFTER = 10;

    private static final int EPISODES_BEFORE = 400;
    /** Number of episodes between evaluations in the first training. */
    private static final int EVERY = 10;

    private static final ReinforcementConfig LEARNING = new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.97, 3, 300, 10);
    private static final ReplayConfig REPLAY = new ReplayConfig(10_000, 63);
    /** Learning rate of the whole network; twice this rate gives worse results from scratch. */
    private static final double RATE_OF_ALL = 0.0005;

    private static final double RATE_OF_OUTPUT = 0.003;

    private PolicyBench() {}

    public static void main(String[] args) throws IOException {
        int seeds = Bench.isQuick(args) ? 1 : 5;
        int episodes = Bench.isQuick(args) ? 30 : EPISODES;
        Map<String, String> machine = Machine.facts();
        List<Map<String, Object>> runs = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            runs.add(run(seed, episodes));
            Bench.say("%s", runs.get(runs.size() - 1));
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("environment", WORLD);
        report.put("changed", CHANGED);
        report.put("network", List.of(4, WIDTH, WIDTH, 2));
        report.put("episodes", episodes);
        report.put("targetReturn", TARGET);
        report.put("mostReturn", CHANGED.get("max-steps"));
        report.put("episodesPerEvaluation", EVALUATED);
        report.put("episodesAfterTarget", EPISODES_AFTER);
        report.put("seeds", seeds);
        report.put("medianEpisodesAdapted", median(runs, "episodesAdapted", episodes));
        report.put("medianEpisodesFromScratch", median(runs, "episodesFromScratch", episodes));
        report.put("runs", runs);
        Bench.print("policy", report, machine);
    }

    /**
     * Runs one seed: trains a policy in the classic environment, then measures the episodes that it and a new policy
     * need in the changed one.
     */
    private static Map<String, Object> run(long seed, int episodes) throws IOException {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("seed", seed);
        byte[] source = source(seed, run);
        List<Double> adapted = adapted(source, seed, episodes, run);
        List<Double> scratch = scratch(seed, episodes);
        run.put("episodesAdapted", episodesTo(adapted));
        run.put("episodesFromScratch", episodesTo(scratch));
        run.put("adapted", adapted);
        run.put("fromScratch", scratch);
        return run;
    }

    /** Returns the number of episodes until the target return was reached, or null if it was not. */
    private static @Nullable Integer episodesTo(List<Double> curve) {
        for (int i = 0; i < curve.size(); i++) {
            if (curve.get(i) >= TARGET) {
                return i + 1;
            }
        }
        return null;
    }

    /** Returns the median; a run that did not reach the target counts as if it had reached it with its last episode. */
    private static double median(List<Map<String, Object>> runs, String key, int episodes) {
        return Bench.median(runs.stream()
                .map(run -> run.get(key) instanceof Integer reached ? (double) reached : episodes)
                .toList());
    }

    private static byte[] source(long seed, Map<String, Object> run) {
        PolicyTraining.Rule rule = new PolicyTraining.Rule(RATE_OF_ALL, BATCH, REPLAY, LEARNING, exploration(seed), 1);
        try (PolicyTraining training = new PolicyTraining(Environments.of(WORLD, CLASSIC), network(seed), rule, null)) {
            double reached = 0;
            while (reached < TARGET && training.returns().size() < EPISODES_BEFORE) {
                for (int i = 0; i < EVERY; i++) {
                    training.episode();
                }
                reached = training.evaluate(2 * EVALUATED);
            }
            run.put("episodesBefore", training.returns().size());
            run.put("returnBefore", reached);
            return training.file();
        }
    }

    /** All actions are random at first, one of twenty from the fortieth episode on. */
    private static Exploration exploration(long seed) {
        return new Exploration(1, 0.05, 40, seed);
    }

    private static FamilyModel network(long seed) {
        return new Perceptron(4, List.of(WIDTH, WIDTH), 2, Activation.RELU)
                .model("policy", "observation", "values", seed);
    }

    private static List<Double> scratch(long seed, int episodes) {
        PolicyTraining.Rule rule = new PolicyTraining.Rule(RATE_OF_ALL, BATCH, REPLAY, LEARNING, exploration(seed), 1);
        try (PolicyTraining training =
                new PolicyTraining(Environments.of(WORLD, CHANGED), network(1000 + seed), rule, null)) {
            return curve(training::episode, training::evaluate, episodes);
        }
    }

    /** Returns the mean return of the policy in the changed environment before adaptation. */
    private static double oldReturn(byte[] source, Environment environment) {
        try (OnnxPolicy policy = new OnnxPolicy(source)) {
            double sum = 0;
            for (int i = 0; i < EVALUATED; i++) {
                float[] seen = environment.reset(-1 - i);
                for (boolean going = true; going; ) {
                    Environment.Step step = environment.step(policy.best(seen));
                    sum += step.reward();
                    seen = step.observation();
                    going = !step.isLast();
                }
            }
            return sum / EVALUATED;
        }
    }

    /** Returns the mean return of greedy episodes after each training episode. */
    private static List<Double> curve(Runnable episode, IntFunction<Double> evaluate, int episodes) {
        List<Double> curve = new ArrayList<>();
        int last = episodes;
        while (curve.size() < last) {
            episode.run();
            curve.add(Bench.rounded(evaluate.apply(EVALUATED), 1));
            Integer reached = episodesTo(curve);
            last = reached == null ? episodes : Math.min(episodes, reached + EPISODES_AFTER);
        }
        return curve;
    }

    private static List<Double> adapted(byte[] source, long seed, int episodes, Map<String, Object> run)
            throws IOException {
        Path folder = Files.createTempDirectory("policy");
        Path file = Files.write(folder.resolve("policy.onnx"), source);
        BaseModelManifest manifest = new BaseModelManifest(
                "policy",
                "none",
                new ModelFile(file.toString(), Digest.of(source)),
                new TensorInput("observation", List.of(4), List.of()),
                network(seed).features(),
                Pooling.NONE,
                false);
        Environment environment = Environments.of(WORLD, CHANGED);
        AdaptationConfig config = AdaptationConfig.of("changed", TaskKind.REINFORCEMENT_LEARNING, "policy")
                .withLabels(environment.actions())
                .withTraining(new TrainingConfig(BATCH, RATE_OF_OUTPUT, 0, ClassWeights.NONE, seed))
                .withReinforcement(LEARNING)
                .withReplay(REPLAY);
        Goal goal = Tasks.policy(config);
        try (DividedModel model =
                        BaseModelOpener.open(manifest, Compute.ONE_THREAD).divide(config, goal.output());
                LaneLearner lane =
                        LaneLearner.untrained(config, goal, model.backbone().digest(), model.heads())) {
            Practice practice = new Practice(
                    environment,
                    exploration(seed),
                    BATCH,
                    LEARNING.nStep(),
                    goal,
                    model.heads(),
                    seen -> model.backbone()
                            .features(List.of(new ModelInput.Numbers(seen)))
                            .get(0),
                    lane);
            run.put("returnOfOldPolicy", oldReturn(source, environment));
            AtomicLong number = new AtomicLong();
            return curve(() -> practice.learn(number.getAndIncrement()), practice::evaluate, episodes);
        }
    }
}
