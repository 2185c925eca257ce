package io.headwater.cli.lanes;

import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.LaneConverter;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Lane;
import io.headwater.ops.LaneHistory;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headwater lanes show}. */
@Command(
        name = "show",
        description = "Show the history of a lane: versions, promotions, decisions of people and newest evaluations.")
class LanesShowCommand extends ConnectedCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ADAPTATION/DOMAIN", converter = LaneConverter.class, description = "The lane.")
    Lane lane;

    @Option(
            names = "--evaluations",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many of the newest evaluations to show. Default: ${DEFAULT-VALUE}.")
    int evaluations;

    @Override
    public Integer call() throws Exception {
        LaneHistory history = time.within(() -> {
            RuntimeSettings settings = connection.settings();
            LaneLog log = new LaneLog(connection.clients(settings), connection.codec(settings));
            return LaneHistory.of(log, lane, Math.max(0, evaluations));
        });
        output.print(history, () -> {
            output.line("%s", LanesCommand.line(history.lane()));
            history.events()
                    .forEach(event -> output.line(
                            "%s  %-8s version %-5d %s",
                            event.at(), event.type().name().toLowerCase(Locale.ROOT), event.version(), event.text()));
            history.evaluations().forEach(evaluation -> output.line("%s", line(evaluation)));
        });
        return 0;
    }

    private static String line(Evaluation evaluation) {
        String metrics = new TreeMap<>(evaluation.metrics())
                .entrySet().stream()
                        .map(metric -> String.format(Locale.ROOT, "%s %.3f", metric.getKey(), metric.getValue()))
                        .collect(Collectors.joining(", "));
        return "%s  scored   offsets %d to %d, %d samples: %s"
                .formatted(
                        evaluation.at(), evaluation.fromOffset(), evaluation.toOffset(), evaluation.samples(), metrics);
    }
}
