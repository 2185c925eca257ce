package io.headwater.adapt.race;

import io.headwater.adapt.state.SectionReader;
import io.headwater.engine.closed.Moments;
import io.headwater.task.LinearTarget;

/**
 * The exact sums of the samples that the contenders of all samples of a lane have learned from.
 *
 * @param sums the sums, which must not be changed
 * @param from number of the first of these samples, after which the lane has learned from all of its samples: 0 unless it
 *     began anew with the samples since a change
 */
public record AllSamples(Moments sums, long from) {

    /**
     * Reads them from what {@link Race#write} wrote.
     *
     * @param kind form of the targets
     * @param width number of features of a row
     * @param outputs number of outputs of the lane
     */
    public static AllSamples read(SectionReader race, LinearTarget kind, int width, int outputs) {
        SectionReader window = Field.ofAllSamples(race.section(Race.FIELD));
        return new AllSamples(Window.sums(kind, width, window, outputs), Window.from(window));
    }
}
