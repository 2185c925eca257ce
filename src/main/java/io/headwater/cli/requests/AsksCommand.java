package io.headwater.cli.requests;

import io.headwater.cli.console.ApiUrl;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.cli.console.LaneConverter;
import io.headwater.domain.Lane;
import io.headwater.ops.RuntimeSettings;
import io.headwater.ops.lane.LaneAskList;
import io.headwater.ops.lane.LaneAskList.Order;
import io.headwater.ops.lane.LaneAskList.Row;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code headwater asks}. */
@Command(
        name = "asks",
        description = "List the requests of a lane that people should label, those without a label first.")
public class AsksCommand extends ConnectedCommand implements Callable<Integer> {
    @Mixin
    ApiUrl url;

    @Parameters(paramLabel = "ADAPTATION/DOMAIN", converter = LaneConverter.class, description = "The lane.")
    Lane lane;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            defaultValue = "newest",
            description = "What comes first: newest, or score for those whose label is expected to teach most."
                    + " Default: ${DEFAULT-VALUE}.")
    Order order;

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "How many requests to list; all are counted. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Spec
    CommandSpec spec;

    /**
     * What was found.
     *
     * @param lane the lane
     * @param asks the first requests
     * @param unlabelled number of requests without a label
     * @param total number of requests
     */
    private record Found(String lane, List<Row> asks, long unlabelled, int total) {}

    @Override
    public Integer call() throws Exception {
        if (limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 0, but is " + limit);
        }
        List<Row> all = order.sorted(url.find(time, api -> ApiAsks.of(api, lane), this::read));
        Found found = new Found(
                lane.key(),
                all.stream().limit(limit).toList(),
                all.stream().filter(row -> !row.labelled()).count(),
                all.size());
        output.print(found, () -> {
            found.asks().forEach(row -> output.line("%s", line(row)));
            if (found.asks().size() < found.total()) {
                output.line(
                        "… and %d more; see --limit",
                        found.total() - found.asks().size());
            }
            output.line("%d requests of %s, %d without a label", found.total(), found.lane(), found.unlabelled());
        });
        return 0;
    }

    private List<Row> read() {
        RuntimeSettings settings = connection.settings();
        return new LaneAskList(connection.clients(settings), connection.codec(settings), lane).all(Instant.now());
    }

    private static String line(Row row) {
        return "%s  %-8s %-14s score %.3f  chance %.3f  %-20s predicted %-16s %s"
                .formatted(
                        row.at(),
                        row.labelled() ? "labelled" : "open",
                        row.strategy(),
                        row.score(),
                        row.probability(),
                        row.id(),
                        row.answer(),
                        row.payload());
    }
}
