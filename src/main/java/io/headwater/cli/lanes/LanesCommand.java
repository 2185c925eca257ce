package io.headwater.cli.lanes;

import io.headwater.cli.console.ApiUrl;
import io.headwater.cli.console.ConnectedCommand;
import io.headwater.ops.LaneLog;
import io.headwater.ops.LaneSummary;
import io.headwater.ops.LaneSummary.Score;
import io.headwater.ops.RuntimeSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code headwater lanes}. */
@Command(
        name = "lanes",
        description = "List the lanes: what serves, how well, and whether they learn.",
        subcommands = {LanesShowCommand.class, LanesPlotCommand.class})
public class LanesCommand extends ConnectedCommand implements Callable<Integer> {
    @Mixin
    ApiUrl url;

    @Override
    public Integer call() throws Exception {
        List<LaneSummary> lanes = url.find(time, ApiLanes::all, () -> {
            RuntimeSettings settings = connection.settings();
            return LaneSummary.of(new LaneLog(connection.clients(settings), connection.codec(settings)), lane -> true);
        });
        output.print(Map.of("lanes", lanes), () -> {
            lanes.forEach(lane -> output.line("%s", line(lane)));
            output.line("%d lanes", lanes.size());
        });
        return 0;
    }

    /** Returns one line about a lane. */
    static String line(LaneSummary lane) {
        return "%-32s %-8s serves %-5s newest %-5d %7d samples  %-26s since %s  %s"
                .formatted(
                        lane.lane(),
                        lane.state().name().toLowerCase(Locale.ROOT),
                        serving(lane),
                        lane.newest(),
                        lane.samples(),
                        score(lane.score()),
                        lane.since(),
                        lane.reason());
    }

    private static String serving(LaneSummary lane) {
        var serving = lane.serving();
        if (serving == null) {
            return "none";
        }
        return serving.lane().key().equals(lane.lane()) ? Long.toString(serving.number()) : serving.toString();
    }

    private static String score(@Nullable Score score) {
        return score == null
                ? "not evaluated"
                : String.format(Locale.ROOT, "%s %.1f %% on %d", score.metric(), 100 * score.value(), score.samples());
    }
}
