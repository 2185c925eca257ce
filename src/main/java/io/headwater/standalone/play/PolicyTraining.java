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
 * Trains a whole policy network in a simulated environment by double Q-learning, in one thread and without a broker: what
 * {@code headwater pretrain} makes a policy with. The same model, rule and environment give the same bytes. Not safe for use
 * by several threads.
 */
public final class PolicyTraining implements AutoCloseable {
    private final FamilyModel model;
    private final Heads heads;
    private final LaneLearner lane;
    private final Practice practice;
    private final List<Double> returns;

    /**
     * How a policy learns.
     *
     * @param learningRate of Adam, above 0 and at most 1
     * @param batch new transitions a step, 1 to 4096
     * @param replay transitions that are remembered, and how many of them join each step
     * @param learning discount, steps of a transition, and the like
     * @param exploration how often it acts at random, and the seed of everything
     * @param threads of one run, positive; bits depend on it
     */
    public record Rule(
            double learningRate,
            int batch,
            ReplayConfig replay,
            ReinforcementConfig learning,
            Exploration exploration,
            int threads) {}

    /**
     * A training.
     *
     * @param model reads the environment's observations, and has an output for each of its actions
     * @param resume where another training was left; null to begin
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
     * Where a training was left, between two episodes.
     *
     * @param checkpoint of its lane
     * @param returns of the episodes so far
     */
    public record Saved(byte[] checkpoint, List<Double> returns) {
        public Saved {
            returns = List.copyOf(returns);
        }
    }

    /** Plays the next episode and learns from it; the sum of its rewards. */
    public double episode() {
        double total = practice.learn(returns.size());
        returns.add(total);
        return total;
    }

    /** The mean return of {@code episodes} that are played greedily and not learned from, positive. */
    public double evaluate(int episodes) {
        return practice.evaluate(episodes);
    }

    /** The returns of the episodes so far, with what was random in them. */
    public List<Double> returns() {
        return List.copyOf(returns);
    }

    /** Where it stands: a training that is made of it goes on bit for bit. */
    public Saved save() {
        return new Saved(lane.checkpoint(), returns);
    }

    /** The policy as an ONNX file, the same for the same weights. */
    public byte[] file() {
        return WholeModels.file(model, artifact().parameters());
    }

    /** The policy as it is now. */
    public HeadArtifact artifact() {
        return lane.artifact();
    }

    private static AdaptationConfig config(Environment environment, Rule rule) {
        // Every layer learns at the same rate: there is nothing yet that is worth keeping.
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
