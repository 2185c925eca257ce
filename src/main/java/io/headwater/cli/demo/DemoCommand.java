package io.headwater.cli.demo;

import io.headwater.cli.console.HelpOption;
import io.headwater.cli.console.Output;
import io.headwater.cli.console.Terminal;
import io.headwater.cli.console.TerminalSize;
import io.headwater.standalone.Demo;
import io.headwater.standalone.DemoReport;
import io.headwater.standalone.DemoReport.ChangeReport;
import io.headwater.standalone.DemoReport.DomainReport;
import io.headwater.standalone.DemoView;
import io.headwater.standalone.LateDemo;
import io.headwater.standalone.LatePlan;
import io.headwater.standalone.LateReport;
import java.io.Console;
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
                        + " one process, in a little more than a minute. With --late, labels come late and for few"
                        + " requests, which takes about four minutes.")
public class DemoCommand implements Callable<Integer> {
    private static final int USUAL_RATE = 25;

    @Mixin
    HelpOption help;

    @Mixin
    Output output;

    @Option(names = "--once", description = "Print only the result, without a live view.")
    boolean once;

    @Option(
            names = "--late",
            description = "The second act: labels come two minutes after the requests, and for one in five.")
    boolean late;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Records per second of the first act. Default: " + USUAL_RATE + ".")
    @Nullable
    Double rate;

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
        if (rate != null && late) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rate is the rate of the first act and cannot be given with --late; leave one out");
        }
        if (rate != null && !(rate > 0)) {
            throw new ParameterException(spec.commandLine(), "--rate must be above 0, but is " + rate);
        }
        Path folder = out == null ? Files.createTempDirectory("headwater-demo-") : Files.createDirectories(out);
        if (late) {
            LateReport report = watched(view -> new LateDemo(folder, LatePlan.USUAL, view).run());
            output.print(report, () -> LateTable.of(report, folder).forEach(line -> output.line("%s", line)));
        } else {
            double perSecond = rate == null ? USUAL_RATE : rate;
            watched(view -> {
                new Demo(folder, perSecond, view).run(report -> {
                    output.print(report, () -> show(report, folder));
                    stay();
                });
                return true;
            });
        }
        return 0;
    }

    /** A demo that tells a view what happens. */
    private interface Act<R> {
        R run(DemoView view) throws Exception;
    }

    private <R> R watched(Act<R> act) throws Exception {
        if (once || output.json) {
            return act.run(DemoView.NONE);
        }
        if (!Terminal.isWatched()) {
            return act.run(new PlainDemoView(System.out));
        }
        try (LiveDemoView view = new LiveDemoView(
                System.out, TerminalSize.ofThisTerminal(), Terminal.isColoured(), Glyphs.of(Terminal.charset()))) {
            // A user who ends the demo early gets the terminal back, too.
            Runtime.getRuntime().addShutdownHook(new Thread(view::close, "headwater-demo-view"));
            return act.run(view);
        }
    }

    /** Lets everything run on, for the page, until the user has seen enough. */
    private void stay() {
        Console console = System.console();
        if (console != null && !once && !output.json && Terminal.isWatched()) {
            output.line("");
            output.line("The page stays, and lanes learn on, until you press Enter.");
            console.readLine();
        }
    }

    private void show(DemoReport report, Path folder) {
        output.line("");
        output.line(
                "%-10s %8s %10s %10s %11s %10s", "domain", "before", "at shift", "adapted", "unadapted", "versions");
        for (DomainReport domain : report.domains()) {
            output.line(
                    "%-10s %7.1f%% %9.1f%% %9.1f%% %10.1f%% %10d",
                    domain.domain(),
                    100 * domain.accuracyBeforeShift(),
                    100 * domain.accuracyAtShift(),
                    100 * domain.accuracyAfterAdaptation(),
                    100 * domain.accuracyUnadapted(),
                    domain.versions());
        }
        output.line("");
        output.line(
                "%-9s %6s %6s %6s %7s %7s %s",
                "change", "first", "last", "drifts", "refused", "returns", "best contender");
        for (ChangeReport change : report.changes()) {
            output.line(
                    "%-9s %5.1f%% %5.1f%% %6d %7d %7d %s",
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
                "%d samples, %d versions, %d dead letters in %.0f s; every version lies in",
                report.samples(), report.versions(), report.deadLetters(), report.seconds());
        output.line("%s", folder);
        output.line("");
        output.line(
                "The second act, in which labels come two minutes late and for one request in five: headwater demo --late");
    }
}
