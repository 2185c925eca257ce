package io.headwater.board;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a lane beyond its present state.
 *
 * @param reigns which version served since when, in order
 * @param marks what happened, in order, without promotions and rejections by the gate
 * @param verdicts the newest verdicts of the gate, in order
 * @param versions the newest versions, in order
 * @param contenders how good each contender was on the newest samples, 0 to 1, by name
 * @param coverage fraction of the truths that were in the newest prediction sets; null when there are none
 * @param labels the classes of the newest version; empty where there are none
 * @param answers what served answered to the newest samples, by class
 */
public record LaneStory(
        LaneView lane,
        List<Reign> reigns,
        List<Mark> marks,
        List<Mark> verdicts,
        List<VersionRow> versions,
        Map<String, Double> contenders,
        @Nullable Double coverage,
        List<String> labels,
        ClassReport answers) {}
