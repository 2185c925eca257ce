package io.headwater.cli.lanes;

import io.headwater.cli.console.ApiVersion;
import io.headwater.cli.console.ManagementApi;
import io.headwater.ops.LaneSummary;
import io.headwater.ops.LaneSummary.Score;
import io.headwater.ops.LaneSummary.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All lanes, as the management API knows them. */
final class ApiLanes {
    private static final String PATH = "/lanes?limit=1000";

    private ApiLanes() {}

    private record Page(List<One> lanes, @Nullable String next) {}

    private record One(
            String lane,
            @Nullable ApiVersion serving,
            long newestVersion,
            long samples,
            State state,
            Instant since,
            String reason,
            @Nullable Mean score) {
        LaneSummary summary() {
            return new LaneSummary(
                    lane,
                    serving == null ? null : serving.ref(),
                    newestVersion,
                    samples,
                    state,
                    since,
                    reason,
                    score == null ? null : new Score(score.metric(), score.mean(), score.samples()));
        }
    }

    private record Mean(String metric, double mean, int samples) {}

    /** Returns the lanes by name. Their scores are means of more samples than those of one evaluation. */
    static List<LaneSummary> all(ManagementApi api) throws InterruptedException {
        List<LaneSummary> all = new ArrayList<>();
        String next = null;
        do {
            Page page = api.get(next == null ? PATH : PATH + "&after=" + ManagementApi.encoded(next), Page.class);
            page.lanes().forEach(one -> all.add(one.summary()));
            next = page.next();
        } while (next != null);
        return all;
    }
}
