package io.headwater.bench.lanes;

import io.headwater.adapt.StepReport;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.trainer.PartitionCheckpoint;
import io.headwater.trainer.TrainerListener;
import java.util.HashMap;
import java.util.Map;

/** Counts what a trainer does, and how long its lanes wait for their versions. */
final class LaneWatch implements TrainerListener {
    private final Map<Lane, Long> published = new HashMap<>();
    private long began;
    private long ended;
    private long longest;
    private int samples;
    private int versions;
    private int transactions;

    @Override
    public void polled(int records) {
        if (began == 0) {
            began = System.nanoTime();
        }
    }

    @Override
    public void stepped(Lane lane, StepReport report) {
        samples += report.scores().size();
    }

    @Override
    public void committed(PartitionCheckpoint checkpoint) {
        ended = System.nanoTime();
        transactions++;
        for (ModelVersion version : checkpoint.versions()) {
            versions++;
            Long before = published.put(version.ref().lane(), ended);
            longest = Math.max(longest, ended - (before == null ? began : before));
        }
    }

    int samples() {
        return samples;
    }

    int versions() {
        return versions;
    }

    int transactions() {
        return transactions;
    }

    double samplesPerSecond() {
        return samples / seconds(ended - began);
    }

    /** Returns the longest time between two versions of a lane, or between the first record and its first version. */
    double longestGap() {
        return seconds(longest);
    }

    private static double seconds(long nanoseconds) {
        return nanoseconds / 1e9;
    }
}
