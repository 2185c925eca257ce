package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.TaskKind;
import io.headwater.standalone.LineChart;
import io.headwater.standalone.simulate.Scenario;
import io.headwater.standalone.simulate.Simulation;
import io.headwater.standalone.simulate.SimulationChart;
import io.headwater.standalone.simulate.SimulationReport;
import io.headwater.standalone.simulate.SimulationReport.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater simulate}. */
@Command(
        name = "simulate",
        description =
                "Run a generated stream through a lane, without a cluster or a base model, and show what happens.",
        footer = {
            "",
            "The features are Gaussians around one mean for each class. Accuracy is that of the serving version on new",
            "samples of the current concept. The result depends only on the options, not on the load of the machine."
        })
class SimulateCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            defaultValue = "stationary",
            completionCandidates = ScenarioNames.class,
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    String scenario;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "16000",
            description = "Number of samples. Default: ${DEFAULT-VALUE}.")
    int samples;

    @Option(
            names = "--classes",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of classes, at least 2. Default: ${DEFAULT-VALUE}.")
    int classes;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "32",
            description = "Number of features of a sample. Default: ${DEFAULT-VALUE}.")
    int features;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the stream. Default: ${DEFAULT-VALUE}.")
    long seed;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "An adaptation file, whose promotion and drift keys are used. Default: their default values.")
    @Nullable
    Path config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder in which simulate.svg and contenders.svg are written.")
    @Nullable
    Path out;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Scenario chosen = Scenario.BY_NAME.get(scenario);
        if (chosen == null) {
            throw wrong("--scenario must be one of " + String.join(", ", Scenario.BY_NAME.keySet()), scenario);
        }
        atLeast("--samples", 1, samples);
        atLeast("--classes", 2, classes);
        atLeast("--features", 1, features);
        AdaptationConfig adaptation = AdaptationConfig.of("simulation", TaskKind.TEXT_CLASSIFICATION, "minilm");
        if (config != null) {
            AdaptationConfig read = AdaptationFile.read(config);
            adaptation = adaptation.withPromotion(read.promotion()).withDrift(read.drift());
        }
        atMost("--classes", adaptation.limits().classes(), classes);
        if (!output.json) {
            output.line("%10s %10s %9s  %s", "samples", "accuracy", "serving", "leading contender");
        }
        SimulationReport report;
        try (Simulation simulation = new Simulation(adaptation, chosen, samples, classes, features, seed)) {
            report = simulation.run(output.json ? point -> {} : this::show);
        }
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(
                    out.resolve("simulate.svg"), SimulationChart.of(report).svg());
            Optional<LineChart> contenders = SimulationChart.contenders(report);
            if (contenders.isPresent()) {
                Files.writeString(
                        out.resolve("contenders.svg"), contenders.get().svg());
            }
        }
        output.print(report, () -> summarise(report));
        return 0;
    }

    private void show(Measured point) {
        output.line(
                "%10d %9.1f%% %9d  %s%s",
                point.samples(),
                100 * point.accuracy(),
                point.serving(),
                point.leader(),
                point.promoted() ? "" : ", newest version not promoted");
    }

    private void summarise(SimulationReport report) {
        output.line("");
        report.events()
                .forEach(event ->
                        output.line("%10d %s: %s", event.samples(), event.kind().text(), event.reason()));
        output.line("");
        output.line("%-20s %.1f %%", "accuracy", 100 * report.accuracy());
        output.line("%-20s %.1f points", "deepest fall", 100 * report.deepestFall());
        output.line("%-20s %s", "leading contender", report.leader());
        output.line("%-20s %d (%d promoted)", "versions", report.versions(), report.promotions());
        output.line("%-20s %d (%d warnings)", "detected changes", report.drifts(), report.warnings());
        output.line("%-20s %d", "suspensions", report.suspensions());
        output.line("%-20s %d", "rollbacks", report.rollbacks());
        if (out != null) {
            output.line("%-20s %s, contenders.svg", "charts", out.resolve("simulate.svg"));
        }
    }

    private void atLeast(String option, int least, int value) {
        if (value < least) {
            throw wrong(option + " must be at least " + least, String.valueOf(value));
        }
    }

    private void atMost(String option, int most, int value) {
        if (value > most) {
            throw wrong(option + " must be at most " + most, String.valueOf(value));
        }
    }

    private ParameterException wrong(String rule, String value) {
        return new ParameterException(spec.commandLine(), rule + ", but is " + value);
    }

    /** The names of the scenarios, for help and completion. */
    static final class ScenarioNames extends ArrayList<String> {
        ScenarioNames() {
            super(List.copyOf(Scenario.BY_NAME.keySet()));
        }
    }
}
