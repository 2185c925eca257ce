package io.headwater.cli;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.DomainConverter;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.TaskKind;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.RuntimeSettings;
import io.headwater.predictor.LocalPredictor;
import io.headwater.standalone.SampleProducer;
import io.headwater.standalone.play.Actor;
import io.headwater.standalone.play.Actor.Played;
import io.headwater.standalone.play.Environment;
import io.headwater.standalone.play.Environments;
import io.headwater.standalone.play.Practice.Exploration;
import io.headwater.task.goal.ReturnMetrics;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater play}. */
@Command(
        name = "play",
        description = "Play a simulated environment with the serving policy, and send the transitions as samples.",
        footer = {
            "",
            "The environments are cart-pole and mountain-car. --set changes their physics: gravity, pole-length, force and",
            "others; an unknown name is an error that lists them. While no version serves, all actions are random."
        })
class PlayCommand extends ConnectedCommand implements Callable<Integer> {
    private static final int WINDOW = 10;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The adaptation file (YAML).")
    Path config;

    @Option(
            names = "--domain",
            required = true,
            paramLabel = "NAME",
            converter = DomainConverter.class,
            description = "The domain of the samples.")
    String domain;

    @Option(names = "--environment", required = true, paramLabel = "NAME", description = "The environment.")
    String environment;

    @Option(
            names = "--set",
            paramLabel = "NAME=NUMBER",
            description = "A physical parameter of the environment; can be repeated.")
    Map<String, Double> changes = new TreeMap<>();

    @Option(
            names = "--episodes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Number of episodes. Default: ${DEFAULT-VALUE}.")
    int episodes;

    @Option(
            names = "--epsilon",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of random actions, from 0 to 1. Default: ${DEFAULT-VALUE}.")
    double epsilon;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = "Steps per second; 0 for as fast as possible. Default: ${DEFAULT-VALUE}.")
    double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of initial states and random actions; not 0. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!(rate >= 0) || episodes < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rate must be 0 or above and --episodes 1 or above, but they are " + rate + " and " + episodes);
        }
        Environment played = Environments.of(environment, changes);
        Exploration exploration = new Exploration(epsilon, epsilon, 1, seed);
        AdaptationConfig adaptation = AdaptationFile.read(config);
        if (adaptation.task() != TaskKind.REINFORCEMENT_LEARNING) {
            throw new IllegalArgumentException(
                    "adaptation '%s' must have the task reinforcement-learning to be played with, but has %s"
                            .formatted(adaptation.name(), adaptation.task().key()));
        }
        RuntimeSettings settings = connection.settings(time);
        List<Played> all = new ArrayList<>();
        try (AdaptationRuntime runtime = AdaptationRuntime.open(adaptation, settings);
                LocalPredictor policy = runtime.localPredictor();
                SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            policy.awaitCaughtUp();
            String run = played.name() + "-" + UUID.randomUUID();
            Actor actor =
                    new Actor(played, exploration, adaptation.reinforcement().nStep(), domain, run, policy, producer);
            long[] next = {System.nanoTime()};
            for (int i = 0; i < episodes; i++) {
                all.add(actor.play(i, () -> pace(next)));
                if (!output.json && (i % WINDOW == WINDOW - 1 || i == episodes - 1)) {
                    show(all);
                }
            }
        }
        output.print(report(all), () -> output.line("mean return %.2f of %d episodes", mean(all), all.size()));
        return 0;
    }

    private void pace(long[] next) throws InterruptedException {
        if (rate > 0) {
            next[0] += (long) (TimeUnit.SECONDS.toNanos(1) / rate);
            TimeUnit.NANOSECONDS.sleep(next[0] - System.nanoTime());
        }
    }

    private void show(List<Played> all) {
        List<Played> window = all.subList(Math.max(0, all.size() - WINDOW), all.size());
        Long version = window.get(window.size() - 1).version();
        output.line(
                "episode %5d  mean return of the last %d %9.2f  by %s",
                all.size(), window.size(), mean(window), version == null ? "no version" : "version " + version);
    }

    private Map<String, @Nullable Object> report(List<Played> all) {
        Map<String, List<Double>> byVersion = new TreeMap<>();
        for (Played one : all) {
            byVersion
                    .computeIfAbsent(
                            one.version() == null ? "none" : one.version().toString(), absent -> new ArrayList<>())
                    .add(one.total());
        }
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("environment", environment);
        report.put("domain", domain);
        report.put("episodes", all.size());
        report.put("steps", all.stream().mapToLong(Played::length).sum());
        report.put("meanReturn", mean(all));
        report.put(
                "windows", ReturnMetrics.windows(all.stream().map(Played::total).toList(), WINDOW));
        Map<String, Object> versions = new TreeMap<>();
        byVersion.forEach((version, returns) -> versions.put(version, ReturnMetrics.of(returns)));
        report.put("versions", versions);
        return report;
    }

    private static double mean(List<Played> played) {
        return ReturnMetrics.of(played.stream().map(Played::total).toList()).meanReturn();
    }
}
