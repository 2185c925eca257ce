package io.headwater.bench.lanes;

import io.headwater.bench.TrainingRun;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.trainer.PartitionCheckpoint;
import java.util.HashMap;
import java.util.Map;

/** Counts what a trainer publishes, and how long its lanes wait for their versions. */
final class LaneWatch extends TrainingRun {
    private final Map<Lane, Long> published = new HashMap<>();
    private long longest;
    private int versions;

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        super.committed(checkpoint);
        for (ModelVersion version : checkpoint.versions()) {
            versions++;
            Long before = published.put(version.ref().lane(), ended());
            longest = Math.max(longest, ended() - (before == null ? began() : before));
        }
    }

    int versions() {
        return versions;
    }

    /** Returns the longest time between two versions of a lane, or between the first record and its first version, in seconds. */
    double longestGap() {
        return longest / 1e9;
    }
}
