package io.headwater.standalone.pretrain;

import io.headwater.config.BaseModelFile;
import io.headwater.config.BaseModelManifest;
import io.headwater.config.BaseModelManifest.ModelFile;
import io.headwater.config.BaseModelManifest.Pooling;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReinforcementConfig.Algorithm;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TensorInput;
import io.headwater.domain.Digest;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.standalone.Progress;
import io.headwater.standalone.play.Environment;
import io.headwater.standalone.play.PolicyTraining;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.standalone.pretrain.Curve.CurvePoint;
import io.headwater.standalone.pretrain.Pretraining.Target;
import io.headwater.standalone.pretrain.PretrainingFolder.Saved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Trains a policy in a simulated environment by double Q-learning and writes it as a base model. As with {@link
 * Pretraining}, a run that was killed resumes from its last checkpoint and produces the same bytes as an uninterrupted
 * run.
 */
public final class PolicyPretraining {
    private static final String INPUT = "observation";
    private static final String OUTPUT = "values";
    /** One optimiser step for each environment step; with fewer optimiser steps, cart-pole was not learned. */
    private static final int NEW_TRANSITIONS = 1;

    private static final ReplayConfig REPLAY = new ReplayConfig(20_000, 63);
    private static final ReinforcementConfig LEARNING = new ReinforcementConfig(Algorithm.DOUBLE_DQN, 0.99, 3, 300, 10);
    private static final int EVALUATED = 10;

    private final Environment environment;
    private final Plan plan;
    private final Target target;
    private final Progress progress;
    private final FamilyModel model;
    private final SortedMap<String, String> arguments;
    private final Digest data;

    /**
     * The hyperparameters of a policy's training.
     *
     * @param episodes number of episodes, 1 to 1,000,000
     * @param width width of each of the two hidden layers, 1 to 4096
     * @param learningRate learning rate of Adam, above 0 and at most 1
     * @param explored number of episodes over which exploration decreases, positive
     * @param checkpointEvery number of episodes between checkpoints, 1 to 1,000,000
     * @param seed seed of all randomness; not 0
     * @param threads number of ONNX Runtime threads, 1 to 64; the exact results depend on it
     */
    public record Plan(
            int episodes, int width, double learningRate, int explored, int checkpointEvery, long seed, int threads) {
        public Plan {
            PretrainingPlan.check("episodes", episodes, 1, 1_000_000);
            PretrainingPlan.check("learning-rate", learningRate, Double.MIN_VALUE, 1);
            PretrainingPlan.check("explored", explored, 1, 1_000_000);
            PretrainingPlan.check("checkpoint-every", checkpointEvery, 1, 1_000_000);
            PretrainingPlan.check("threads", threads, 1, 64);
            if (seed == 0) {
                throw new IllegalArgumentException("seed must be a number other than 0, but is 0; choose another");
            }
        }

        private PolicyTraining.Rule rule() {
            return new PolicyTraining.Rule(
                    learningRate, NEW_TRANSITIONS, REPLAY, LEARNING, new Exploration(1, 0.02, explored, seed), threads);
        }
    }

    /**
     * The results of a policy's pretraining.
     *
     * @param weights number of trained weights
     * @param episodes number of episodes played
     * @param resumedAt episode at which this run resumed; 0 if it started from scratch
     * @param meanReturn mean return of the last episodes, including random actions
     * @param greedyReturn mean return of evaluation episodes, which have no random actions and are not trained on
     * @param curve the mean return over the run as a sparkline
     */
    public record Report(
            String family,
            String name,
            String environment,
            long weights,
            int episodes,
            long resumedAt,
            double meanReturn,
            double greedyReturn,
            double seconds,
            String folder,
            String curve) {}

    /** The content of {@link PretrainingFolder#RECORD}. */
    private record Written(
            List<String> command,
            String family,
            SortedMap<String, String> options,
            long weights,
            String model,
            double greedyReturn,
            List<CurvePoint> curve) {}

    /**
     * Creates a pretraining.
     *
     * @param changes physical parameters of the environment that differ from the classic ones, stored in the record
     */
    public PolicyPretraining(
            Environment environment, Map<String, Double> changes, Plan plan, Target target, Progress progress) {
        this.environment = environment;
        this.plan = plan;
        this.target = target;
        this.progress = progress;
        model = new Perceptron(
                        environment.width(),
                        List.of(plan.width(), plan.width()),
                        environment.actions().size(),
                        Activation.RELU)
                .model("mlp", INPUT, OUTPUT, plan.seed());
        arguments = new TreeMap<>();
        arguments.put("environment", environment.name());
        new TreeMap<>(changes).forEach((name, value) -> arguments.put("physics." + name, value.toString()));
        arguments.put("episodes", Integer.toString(plan.episodes()));
        arguments.put("width", Integer.toString(plan.width()));
        arguments.put("learning-rate", Double.toString(plan.learningRate()));
        arguments.put("explored", Integer.toString(plan.explored()));
        arguments.put("seed", Long.toString(plan.seed()));
        arguments.put("threads", Integer.toString(plan.threads()));
        data = Digest.of(environment.name().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Plays, trains and writes the base model.
     *
     * @throws IllegalArgumentException if the folder holds other files, or a checkpoint with other options
     */
    public Report run() throws IOException {
        long start = System.nanoTime();
        PretrainingFolder folder = new PretrainingFolder(target.folder());
        Saved saved = folder.newest(arguments, data);
        long from = saved == null ? 0 : saved.step();
        PolicyTraining.Saved resumed = saved == null ? null : new PolicyTraining.Saved(saved.state(), saved.returns());
        try (PolicyTraining training = new PolicyTraining(environment, model, plan.rule(), resumed)) {
            Curve curve = trained(training, saved == null ? Curve.EMPTY : saved.curve(), from, folder);
            double greedy = training.evaluate(EVALUATED);
            write(folder, training.file(), greedy, curve);
            return new Report(
                    model.family(),
                    target.name(),
                    environment.name(),
                    model.size(),
                    plan.episodes(),
                    from,
                    curve.last().loss(),
                    greedy,
                    (System.nanoTime() - start) / 1e9,
                    folder.path().toString(),
                    curve.sparkline());
        }
    }

    private Curve trained(PolicyTraining training, Curve before, long from, PretrainingFolder folder)
            throws IOException {
        Curve curve = before;
        int pointEvery = Math.max(1, plan.episodes() / 20);
        progress.begin("pretraining", plan.episodes());
        progress.advance(from);
        try {
            for (long episode = from + 1; episode <= plan.episodes(); episode++) {
                curve = curve.after(training.episode());
                boolean isLast = episode == plan.episodes();
                if (isLast || episode % pointEvery == 0) {
                    curve = curve.at(episode, null, null);
                }
                if (isLast || episode % plan.checkpointEvery() == 0) {
                    PolicyTraining.Saved saved = training.save();
                    folder.save(new Saved(episode, saved.checkpoint(), curve, saved.returns()), arguments, data);
                }
                progress.advance(1);
            }
        } finally {
            progress.end();
        }
        return curve;
    }

    private void write(PretrainingFolder folder, byte[] bytes, double greedy, Curve curve) throws IOException {
        folder.write(PretrainingFolder.MODEL, bytes);
        ModelFile file = Pretraining.file(folder, PretrainingFolder.MODEL, bytes);
        BaseModelManifest manifest = new BaseModelManifest(
                target.name(),
                target.licence(),
                model.family(),
                file,
                List.of(),
                new TensorInput(INPUT, List.of(environment.width()), List.of()),
                model.features(),
                model.blocks(),
                Pooling.NONE,
                false,
                environment.actions());
        Pretraining.text(folder, PretrainingFolder.MANIFEST, BaseModelFile.write(manifest, folder.path(), Map.of()));
        Pretraining.text(folder, PretrainingFolder.CURVE, curve.svg(target.name(), "episodes", "return"));
        folder.finish(new Written(
                target.command(),
                model.family(),
                arguments,
                model.size(),
                Digest.of(bytes).toString(),
                greedy,
                curve.points()));
    }
}
