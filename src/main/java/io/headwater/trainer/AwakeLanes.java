package io.headwater.trainer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The lanes of a trainer that are in memory, the least recently used first. When they take too much of it, those that are used least
 * sleep: they leave memory until they are needed, and go on from their checkpoint then, as if they had stayed. A lane with unpublished
 * results stays.
 */
final class AwakeLanes {
    /** How much more than allowed lanes may take before results are published so that they may sleep. */
    private static final double SLACK = 1.25;

    private final long maximum;
    private final Map<LaneTrainer, Long> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private long total;
    private long enough;

    /**
     * Creates an empty set.
     *
     * @param maximum about how many bytes they may take, positive
     */
    AwakeLanes(long maximum) {
        this.maximum = maximum;
        this.enough = allowed(0);
    }

    private long allowed(long already) {
        return (long) (SLACK * Math.max(maximum, already));
    }

    /** Notes that a lane is used now, and so is awake. */
    void use(LaneTrainer lane) {
        long bytes = lane.bytes();
        Long before = lanes.put(lane, bytes);
        total += bytes - (before == null ? 0 : before);
    }

    /** Notes that a lane is not in this trainer any more. */
    void release(LaneTrainer lane) {
        Long bytes = lanes.remove(lane);
        total -= bytes == null ? 0 : bytes;
    }

    /** Returns whether results should be published, so that lanes may sleep. */
    boolean areCrowded() {
        return total > enough;
    }

    /** Lets lanes sleep until those that are awake take no more than allowed, as far as that is possible. */
    void settle() {
        Iterator<Map.Entry<LaneTrainer, Long>> eldest = lanes.entrySet().iterator();
        while (total > maximum && eldest.hasNext()) {
            Map.Entry<LaneTrainer, Long> lane = eldest.next();
            if (lane.getKey().maySleep()) {
                lane.getKey().sleep();
                total -= lane.getValue();
                eldest.remove();
            }
        }
        // Where nothing more can sleep, to publish more often would not help.
        enough = allowed(total);
    }

    /** Returns how many lanes are awake. */
    int size() {
        return lanes.size();
    }
}
