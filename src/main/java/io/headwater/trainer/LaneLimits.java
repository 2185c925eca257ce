package io.headwater.trainer;

import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How many lanes a partition may have, and how many may begin in a minute, so that nobody can exhaust a trainer by inventing domains.
 * Both depend only on the lanes and on the timestamps of records, so that a trainer that reads records again decides as before.
 */
record LaneLimits(LimitsConfig limits) {

    /**
     * Returns {@code domain} when a lane of it may begin.
     *
     * @param at the timestamp of the record with its first sample
     * @param lanes the lanes of the partition
     */
    Outcome<String> admit(String domain, int partition, Instant at, Collection<LaneTrainer> lanes) {
        if (lanes.size() >= limits.lanes()) {
            return Outcome.rejected(
                    Reason.TOO_MANY_LANES,
                    "domain '%s' would begin lane %d of partition %d, but limits.lanes is %d; raise it, or check whether the producer sends too many keys"
                            .formatted(domain, lanes.size() + 1, partition, limits.lanes()));
        }
        Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
        long begun = lanes.stream()
                .filter(lane -> isIn(minute, lane.progress().begun()))
                .count();
        if (begun >= limits.lanesPerMinute()) {
            return Outcome.rejected(
                    Reason.TOO_MANY_LANES,
                    "domain '%s' would begin lane %d of partition %d in the minute from %s, but limits.lanes-per-minute is %d; raise it, or send the sample again later"
                            .formatted(domain, begun + 1, partition, minute, limits.lanesPerMinute()));
        }
        return Outcome.ok(domain);
    }

    private static boolean isIn(Instant minute, @Nullable Instant begun) {
        return begun != null && begun.truncatedTo(ChronoUnit.MINUTES).equals(minute);
    }
}
