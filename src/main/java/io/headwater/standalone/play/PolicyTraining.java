package io.headwater.standalone.play;

import io.headwater.adapt.HeadArtifact;
import io.headwater.adapt.LaneLearner;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.OptimiserConfig;
import io.headwater.config.ReinforcementConfig;
import io.headwater.config.ReplayConfig;
import io.headwater.config.TaskKind;
import io.headwater.config.TrainingConfig;
import io.headwater.config.TrainingConfig.ClassWeights;
import io.headwater.domain.Digest;
import io.headwater.engine.Heads;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.runtime.WholeModels;
import io.headwater.ops.Tasks;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.task.Goal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains all layers of a policy network in a simulated environment by double Q-learning, in one thread and without a
 * broker, for {@code headwater pretrain}. The same model, rule and environment give the same bytes. Not safe for use
 * by several threads.
 */
public final class PolicyTraining implements AutoCloseable {
    private final FamilyModel model;
    private final Heads heads;
    private final LaneLearner lane;
    private final Practice practice;
    private final List<Double> returns;

    /**
     * The parameters of a training.
     *
     * @param learningRate learning rate of Adam, above 0 and at most 1
     * @param batch new transitions per step, 1 to 4096
     * @param replay capacity of the replay buffer, and how many replayed transitions join each step
     * @param learning parameters of Q-learning, such as the discount and the steps per transition
     * @param exploration how often actions are random, and the seed of all randomness
     * @param threads number of threads, positive; the exact results depend on it
     */
    public record Rule(
            double learningRate,
            int batch,
            ReplayConfig replay,
            ReinforcementConfig learning,
            Exploration exploration,
            int threads) {}

    /**
     * Creates a training.
     *
     * @param model model that reads the environment's observations and has one output per action
     * @param resume state of a training to continue; null to start a new one
     */
    public PolicyTraining(Environment environment, FamilyModel model, Rule rule, @Nullable Saved resume) {
        AdaptationConfig config = config(environment, rule);
        Goal goal = Tasks.policy(config);
        this.model = model;
        this.heads = WholeModels.of(
                model,
                goal.output(),
                new WholeModels.Rule(
                        config.optimiser(),
                        rule.learningRate(),
                        rule.exploration().seed(),
                        rule.threads()));
        this.lane = resume == null
                ? LaneLearner.untrained(config, goal, Digest.of(model.family().getBytes(StandardCharsets.UTF_8)), heads)
                : LaneLearner.restored(config, goal, heads, resume.checkpoint());
        this.returns = resume == null ? new ArrayList<>() : new ArrayList<>(resume.returns());
        this.practice = new Practice(
                environment,
                rule.exploration(),
                rule.batch(),
                rule.learning().nStep(),
                goal,
                heads,
                UnaryOperator.identity(),
                lane);
    }

    /**
     * The state of a training between two episodes.
     *
     * @param checkpoint checkpoint of the lane
     * @param returns returns of the episodes so far
     */
    public record Saved(byte[] checkpoint, List<Double> returns) {
        public Saved {
            returns = List.copyOf(returns);
        }
    }

    /** Plays the next episode, trains on it, and returns the sum of its rewards. */
    public double episode() {
        double total = practice.learn(returns.size());
        returns.add(total);
        return total;
    }

    /** Returns the mean return of {@code episodes} (positive) episodes that are played greedily and not trained on. */
    public double evaluate(int episodes) {
        return practice.evaluate(episodes);
    }

    /** Returns the returns of the episodes so far, which include random actions. */
    public List<Double> returns() {
        return List.copyOf(returns);
    }

    /** Returns the state of the training; a training restored from it continues with identical results. */
    public Saved save() {
        return new Saved(lane.checkpoint(), returns);
    }

    /** Returns the policy as an ONNX file; the same weights give the same bytes. */
    public byte[] file() {
        return WholeModels.file(model, artifact().parameters());
    }

    /** Returns the current policy. */
    public HeadArtifact artifact() {
        return lane.artifact();
    }

    private static AdaptationConfig config(Environment environment, Rule rule) {
        // All layers use the same learning rate, because there are no pre-trained weights to preserve.
        OptimiserConfig optimiser = OptimiserConfig.DEFAULT.withTopRate(1);
        return AdaptationConfig.of("policy", TaskKind.REINFORCEMENT_LEARNING, "policy")
                .withLabels(environment.actions())
                .withTraining(new TrainingConfig(
                        rule.batch(),
                        rule.learningRate(),
                        0,
                        ClassWeights.NONE,
                        rule.exploration().seed()))
                .withOptimiser(optimiser)
                .withReinforcement(rule.learning())
                .withReplay(rule.replay());
    }

    @Override
    public void close() {
        lane.close();
        heads.close();
    }
}
