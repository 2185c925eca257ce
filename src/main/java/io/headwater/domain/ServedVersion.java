package io.headwater.domain;

import io.headwater.domain.Serving.DecidedBy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What served a lane at a time, as its trainer decided; a predictor follows as soon as it has loaded the version.
 *
 * @param lane name of the lane, {@code adaptation/domain}
 * @param version the version that served, which may be one of another lane; null when none did, or when it is not known
 * @param since when it began to serve; null without a version
 * @param until when another decision ended that, or when the first one that is known was taken; null when it serves still
 * @param decidedBy who decided; null without a version
 * @param reason why it served, or why no version is named
 */
public record ServedVersion(
        String lane,
        @Nullable VersionRef version,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable DecidedBy decidedBy,
        String reason) {

    /**
     * Returns what served {@code lane} at {@code time}.
     *
     * @param decisions all decisions that are known, in order; at least one
     */
    public static ServedVersion at(Lane lane, Instant time, List<Serving> decisions) {
        Serving before = null;
        for (Serving decision : decisions) {
            if (decision.since().isAfter(time)) {
                return before == null ? beforeFirst(lane, time, decision) : between(lane, before, decision);
            }
            before = decision;
        }
        Serving newest = decisions.get(decisions.size() - 1);
        return served(lane, newest, null);
    }

    private static ServedVersion served(Lane lane, Serving decision, @Nullable Instant until) {
        return new ServedVersion(
                lane.key(), decision.version(), decision.since(), until, decision.decidedBy(), decision.reason());
    }

    /** Two decisions follow each other if the later one ends what the earlier one began. */
    private static ServedVersion between(Lane lane, Serving decision, Serving next) {
        boolean follows = next.previous() == null || next.previous().equals(decision.version());
        return follows
                ? served(lane, decision, next.since())
                : unknown(
                        lane,
                        next.since(),
                        "not known: at %s, %s began to serve, at %s, %s ended to, and what was decided between is not kept"
                                .formatted(decision.since(), decision.version(), next.since(), next.previous()));
    }

    private static ServedVersion beforeFirst(Lane lane, Instant time, Serving first) {
        boolean isFirstOfLane = first.previous() == null || time.isBefore(first.beginning());
        return unknown(
                lane,
                first.beginning(),
                isFirstOfLane
                        ? "no version served yet; the first one did at " + first.beginning()
                        : "not known: decisions before %s are no longer kept; until then, %s served"
                                .formatted(first.since(), first.previous()));
    }

    private static ServedVersion unknown(Lane lane, Instant until, String why) {
        return new ServedVersion(lane.key(), null, null, until, null, why);
    }
}
