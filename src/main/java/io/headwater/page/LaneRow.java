package io.headwater.page;

import io.headwater.board.LaneView;
import io.headwater.board.ScoreEstimate;
import io.headwater.board.chart.Figures;
import io.headwater.board.chart.Sparkline;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.VersionRef;
import io.headwater.manage.ManagePaths;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A lane as it is shown.
 *
 * @param score the mean score, as text; empty when there is none
 * @param interval its interval, as text
 * @param low lower end of the interval in percent, for a bar
 * @param width width of the interval in percent
 * @param mean mean score in percent
 * @param version what serves, as text
 */
record LaneRow(
        String name,
        String path,
        String state,
        String reason,
        String since,
        String score,
        String metric,
        String interval,
        String low,
        String width,
        String mean,
        String version,
        long serving,
        long newest,
        String samples,
        String learned,
        String drift,
        int asks,
        long letters,
        Sparkline spark) {

    static LaneRow of(LaneView lane, Instant now) {
        ScoreEstimate score = lane.score();
        DriftSignal drift = lane.drift();
        VersionRef serving = lane.serving();
        return new LaneRow(
                lane.lane().key(),
                ManagePaths.lane(lane.lane()),
                lane.learning().name().toLowerCase(Locale.ROOT),
                lane.reason(),
                Words.ago(lane.since(), now),
                score == null ? "" : Figures.percent(score.mean()),
                score == null ? "" : score.metric(),
                score == null
                        ? "not scored yet"
                        : "%s to %s, last %d samples"
                                .formatted(
                                        Figures.percent(score.low()), Figures.percent(score.high()), score.samples()),
                score == null ? "0" : Figures.coordinate(100 * score.low()),
                score == null ? "0" : Figures.coordinate(100 * (score.high() - score.low())),
                score == null ? "0" : Figures.coordinate(100 * score.mean()),
                version(lane, serving),
                serving == null ? 0 : serving.number(),
                lane.newest(),
                Words.count(lane.samples()),
                lane.learnedAt() == null ? "" : Words.ago(lane.learnedAt(), now),
                drift == null ? "" : Figures.word(drift.level()) + " in " + drift.signal(),
                lane.asks(),
                lane.letters(),
                Sparkline.of(lane.curve()));
    }

    private static String version(LaneView lane, @Nullable VersionRef serving) {
        if (serving == null) {
            return "none";
        }
        return serving.lane().equals(lane.lane()) ? Long.toString(serving.number()) : serving.toString();
    }
}
