package io.headwater.cli.pretrain;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Terminal;
import io.headwater.standalone.play.Environment;
import io.headwater.standalone.play.Environments;
import io.headwater.standalone.pretrain.PolicyPretraining;
import io.headwater.standalone.pretrain.PolicyPretraining.Plan;
import io.headwater.standalone.pretrain.PolicyPretraining.Report;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater pretrain policy}. */
@Command(name = "policy", description = "Train a value network (double DQN) in a simulated environment.")
class PretrainPolicyCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    PretrainTarget target;

    @Option(names = "--environment", required = true, paramLabel = "NAME", description = "cart-pole or mountain-car.")
    String environment;

    @Option(
            names = "--physics",
            paramLabel = "NAME=NUMBER",
            description = "A physical parameter that differs from its default, such as gravity=12; can be repeated.")
    @Nullable
    Map<String, Double> physics;

    @Option(
            names = "--episodes",
            paramLabel = "N",
            description = "Number of episodes. Default: ${DEFAULT-VALUE}",
            defaultValue = "300")
    int episodes;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Width of each of the two hidden layers. Default: ${DEFAULT-VALUE}",
            defaultValue = "64")
    int width;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}",
            defaultValue = "0.0005")
    double learningRate;

    @Option(
            names = "--explored",
            paramLabel = "EPISODES",
            description = "Episodes over which the share of random actions decreases. Default: half of --episodes.")
    @Nullable
    Integer explored;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "EPISODES",
            description = "Episodes between two checkpoints. Default: ${DEFAULT-VALUE}",
            defaultValue = "20")
    int checkpointEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all random numbers; not 0. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads of ONNX Runtime; the result is bit-identical only for the same number. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    int threads;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PolicyPretraining training;
        try {
            Map<String, Double> changes = physics == null ? Map.of() : new TreeMap<>(physics);
            Environment world = Environments.of(environment, changes);
            int random = explored == null ? Math.max(1, episodes / 2) : explored;
            Plan plan = new Plan(episodes, width, learningRate, random, checkpointEvery, seed, threads);
            training = new PolicyPretraining(world, changes, plan, target.get(), Terminal.progress());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Report report = training.run();
        target.output.print(report, () -> {
            target.output.line("%-28s %s (%s)", "base model", report.name(), report.family());
            target.output.line("%-28s %,d", "weights", report.weights());
            target.output.line("%-28s %d", "episodes", report.episodes());
            target.output.line("%-28s %.1f", "mean return", report.meanReturn());
            target.output.line("%-28s %.1f", "greedy return", report.greedyReturn());
            target.output.line("%-28s %s", "curve", report.curve());
            target.output.line("%-28s %.1f", "seconds", report.seconds());
            target.output.line("%-28s %s", "left in", report.folder());
        });
        return 0;
    }
}
