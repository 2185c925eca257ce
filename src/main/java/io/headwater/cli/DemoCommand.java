package io.headwater.cli;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Terminal;
import io.headwater.standalone.Demo;
import io.headwater.standalone.DemoReport;
import io.headwater.standalone.DemoReport.ChangeReport;
import io.headwater.standalone.DemoReport.DomainReport;
import io.headwater.standalone.DemoView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code headwater demo}. */
@Command(
        name = "demo",
        description =
                "Demonstrate the adaptation of a pre-trained model to new domains, with broker, trainer and predictor in"
                        + " one process, in a little more than a minute.")
class DemoCommand implements Callable<Integer> {
    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Option(names = "--once", description = "Print only the result, without a live view.")
    boolean once;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "25",
            description = "Records per second. Default: ${DEFAULT-VALUE}.")
    double rate;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for broker data and artifacts. Default: a temporary folder.")
    @Nullable
    Path out;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (!(rate > 0)) {
            throw new ParameterException(spec.commandLine(), "--rate must be above 0, but is " + rate);
        }
        Path folder = out == null ? Files.createTempDirectory("headwater-demo-") : Files.createDirectories(out);
        DemoReport report = new Demo(folder, rate, view()).run();
        output.print(report, () -> show(report, folder));
        return 0;
    }

    private DemoView view() {
        if (once || output.json) {
            return DemoView.NONE;
        }
        return Terminal.isWatched() ? new LiveDemoView(System.out) : new PlainDemoView(System.out);
    }

    private void show(DemoReport report, Path folder) {
        output.line("");
        output.line(
                "%-10s %12s %12s %18s %12s %10s",
                "domain", "before", "at shift", "after adaptation", "unadapted", "versions");
        for (DomainReport domain : report.domains()) {
            output.line(
                    "%-10s %11.1f%% %11.1f%% %17.1f%% %11.1f%% %10d",
                    domain.domain(),
                    100 * domain.accuracyBeforeShift(),
                    100 * domain.accuracyAtShift(),
                    100 * domain.accuracyAfterAdaptation(),
                    100 * domain.accuracyUnadapted(),
                    domain.versions());
        }
        output.line("");
        output.line(
                "%-10s %12s %12s %8s %8s %10s  %s",
                "change", "at first", "at last", "drifts", "refused", "rollbacks", "best contender");
        for (ChangeReport change : report.changes()) {
            output.line(
                    "%-10s %11.1f%% %11.1f%% %8d %8d %10d  %s",
                    change.change(),
                    100 * change.accuracyAtFirst(),
                    100 * change.accuracyAtLast(),
                    change.drifts(),
                    change.refused(),
                    change.rollbacks(),
                    change.best());
        }
        output.line("");
        output.line(
                "%d samples, %d versions, %d dead letters in %.0f s; every version lies in %s",
                report.samples(), report.versions(), report.deadLetters(), report.seconds(), folder);
    }
}
