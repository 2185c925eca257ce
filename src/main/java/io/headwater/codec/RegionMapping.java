package io.headwater.codec;

import io.headwater.domain.PredictionInterval;
import io.headwater.domain.PredictionRegion;
import io.headwater.events.ClassSet;
import io.headwater.events.Interval;
import io.headwater.events.Intervals;
import io.headwater.events.TagSets;
import org.jspecify.annotations.Nullable;

/** Maps prediction sets and intervals to branches of an Avro union and back. */
final class RegionMapping {

    private RegionMapping() {}

    static @Nullable Object toAvro(@Nullable PredictionRegion region) {
        if (region == null) {
            return null;
        } else if (region instanceof PredictionRegion.ClassSet set) {
            return new ClassSet(set.coverage(), set.names());
        } else if (region instanceof PredictionRegion.TagSets sets) {
            return new TagSets(sets.coverage(), sets.words());
        }
        PredictionRegion.Intervals intervals = (PredictionRegion.Intervals) region;
        return new Intervals(
                intervals.coverage(),
                intervals.values().stream()
                        .map(one -> new Interval(one.low(), one.high()))
                        .toList());
    }

    static @Nullable PredictionRegion fromAvro(@Nullable Object branch) {
        if (branch == null) {
            return null;
        } else if (branch instanceof ClassSet set) {
            return new PredictionRegion.ClassSet(set.getCoverage(), set.getNames());
        } else if (branch instanceof TagSets sets) {
            return new PredictionRegion.TagSets(sets.getCoverage(), sets.getWords());
        }
        Intervals intervals = (Intervals) branch;
        return new PredictionRegion.Intervals(
                intervals.getCoverage(),
                intervals.getValues().stream()
                        .map(one -> new PredictionInterval(one.getLow(), one.getHigh()))
                        .toList());
    }
}
