package io.headwater.trainer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The committed state of the lanes of a partition, and the place on the samples topic at which they go on.
 *
 * @param lanes its lanes
 * @param topic id of the samples topic
 * @param position offset of the next sample; -1 when it is not known, because nothing was committed
 * @param reset why the offsets of the lanes are no longer those of the topic, as text for people, and the lanes go on all the same;
 *     null when they are
 */
record RestoredPartition(
        List<LaneTrainer> lanes,
        String topic,
        long position,
        @Nullable String reset) {}
