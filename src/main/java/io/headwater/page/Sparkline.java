package io.headwater.page;

import io.headwater.board.CurvePoint;
import java.util.List;

/**
 * The scores of a lane as a line of 100 × 30, from 0 at the bottom to 1 at the top.
 *
 * @param line path of the line; empty when there are too few points
 * @param area path of the area below it
 * @param text what it shows, for people who do not see it
 */
record Sparkline(String line, String area, String text) {
    private static final int SAMPLES = 60;
    private static final double HEIGHT = 30;

    static Sparkline of(List<CurvePoint> curve) {
        List<Trail> trail = Trail.of(curve, CurvePoint::champion, SAMPLES);
        if (trail.size() < 2) {
            return new Sparkline("", "", "no scores yet");
        }
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < trail.size(); i++) {
            line.append(i == 0 ? "M" : "L")
                    .append(Words.coordinate(100.0 * i / (trail.size() - 1)))
                    .append(' ')
                    .append(Words.coordinate(
                            1 + (HEIGHT - 2) * (1 - trail.get(i).mean())));
        }
        return new Sparkline(
                line.toString(),
                line + "L100 " + HEIGHT + "L0 " + HEIGHT + "Z",
                "scores from %s to %s"
                        .formatted(
                                Words.percent(trail.get(0).mean()),
                                Words.percent(trail.get(trail.size() - 1).mean())));
    }
}
