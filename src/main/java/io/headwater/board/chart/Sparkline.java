package io.headwater.board.chart;

import io.headwater.board.CurvePoint;
import java.util.List;

/**
 * The scores of a lane as a line of {@value #WIDTH} × {@value #HEIGHT}, from 0 at the bottom to 1 at the top. It is short, because a page
 * shows many: whole numbers, and no more points than can be seen.
 *
 * @param path of the line and the area below it, closed outside of the picture; empty when there are too few points
 * @param text what it shows, for people who do not see it
 */
public record Sparkline(String path, String text) {
    static final int WIDTH = 480;
    static final int HEIGHT = 120;
    static final int POINTS = 48;
    private static final int SAMPLES = 60;
    private static final int MARGIN = 4;
    private static final String CLOSED = "H500V140H-20Z";

    /** Returns the line of the scores of a lane. */
    public static Sparkline of(List<CurvePoint> curve) {
        List<Trail> trail = Trail.of(curve, CurvePoint::champion, SAMPLES);
        if (trail.size() < 2) {
            return new Sparkline("", "no scores yet");
        }
        int last = trail.size() - 1;
        int points = Math.min(POINTS, trail.size());
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < points; i++) {
            double mean = trail.get((int) ((long) i * last / (points - 1))).mean();
            path.append(i == 0 ? 'M' : 'L')
                    .append(i * WIDTH / (points - 1))
                    .append(' ')
                    .append(MARGIN + Math.round((HEIGHT - 2 * MARGIN) * (1 - mean)));
        }
        return new Sparkline(
                path + CLOSED,
                "scores from %s to %s"
                        .formatted(
                                Figures.percent(trail.get(0).mean()),
                                Figures.percent(trail.get(last).mean())));
    }
}
