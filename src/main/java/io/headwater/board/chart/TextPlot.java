package io.headwater.board.chart;

import io.headwater.board.CurvePoint;
import io.headwater.board.LaneStory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The scores of a lane in characters, for terminals. */
public final class TextPlot {
    private static final int COLUMNS = 72;
    private static final int ROWS = 10;
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

    private TextPlot() {}

    /** Returns the lines of the chart; one line that says so when there are too few scores. */
    public static List<String> of(LaneStory story) {
        LaneChart chart = LaneChart.of(story);
        List<Trail> trail = Trail.of(story.lane().curve(), CurvePoint::champion, LaneChart.SAMPLES);
        if (chart.isEmpty()) {
            return List.of(story.lane().lane() + ": there are too few scores for a chart yet");
        }
        List<String> lines = new ArrayList<>();
        lines.add(story.lane().lane() + ": scores of what served");
        double bottom = chart.least();
        for (int row = ROWS - 1; row >= 0; row--) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < COLUMNS; column++) {
                double mean =
                        trail.get(column * (trail.size() - 1) / (COLUMNS - 1)).mean();
                double height = ROWS * (mean - bottom) / (1 - bottom) - row;
                line.append(EIGHTHS.charAt((int) Math.round(8 * Math.max(0, Math.min(1, height)))));
            }
            String label = row == ROWS - 1 ? chart.top() : row == 0 ? chart.bottom() : "";
            lines.add("%6s │%s".formatted(label, line).stripTrailing());
        }
        lines.add("       └" + "─".repeat(COLUMNS));
        lines.add("        " + chart.from() + " ".repeat(gap(chart)) + chart.to());
        char[] versions = blank();
        int free = 0;
        for (LaneChart.Band band : chart.bands()) {
            String name = "v" + band.label();
            int at = column(band.x());
            if (at >= free && at + name.length() <= COLUMNS) {
                name.getChars(0, name.length(), versions, at);
                free = at + name.length() + 1;
            }
        }
        lines.add("        " + new String(versions).stripTrailing());
        if (!chart.pins().isEmpty()) {
            char[] pins = blank();
            chart.pins().forEach(pin -> pins[column(pin.x())] = '^');
            lines.add("        " + new String(pins).stripTrailing());
            chart.pins().forEach(pin -> lines.add("  ^ " + pin.title()));
        }
        return lines;
    }

    private static int gap(LaneChart chart) {
        return Math.max(1, COLUMNS - chart.from().length() - chart.to().length());
    }

    private static char[] blank() {
        char[] blank = new char[COLUMNS];
        Arrays.fill(blank, ' ');
        return blank;
    }

    private static int column(String percent) {
        return Math.min(COLUMNS - 1, (int) (Double.parseDouble(percent) * COLUMNS / 100));
    }
}
