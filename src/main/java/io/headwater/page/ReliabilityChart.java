package io.headwater.page;

import io.headwater.board.ClassReport;
import io.headwater.board.WilsonInterval;
import io.headwater.board.chart.Figures;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import java.util.List;

/**
 * How often answers are right, by the probability that they state, in percent of a square.
 *
 * @param points one for each tenth of the probabilities that has answers
 * @param error the expected calibration error, as text
 * @param samples number of answers, as text
 */
record ReliabilityChart(List<Point> points, String error, String samples) {
    private static final double LEAST = 2;
    private static final double MOST = 5;

    /**
     * @param x mean stated probability
     * @param y accuracy, from the top
     * @param low lower end of the interval of the accuracy, from the top
     * @param high its upper end, from the top
     * @param radius in pixels, by its share of the answers
     */
    record Point(
            String x,
            String y,
            String low,
            String high,
            String radius,
            String range,
            String stated,
            String accuracy,
            String interval,
            String count) {}

    static ReliabilityChart of(ClassReport report) {
        return new ReliabilityChart(
                report.bins().stream().map(bin -> point(bin, report.samples())).toList(),
                Figures.percent(report.calibrationError()),
                Words.count(report.samples()));
    }

    private static Point point(ConfidenceBin bin, int samples) {
        double stated = bin.confidence() / bin.samples();
        double accuracy = (double) bin.right() / bin.samples();
        WilsonInterval interval = WilsonInterval.of(accuracy, bin.samples());
        int width = 100 / ClassAnswers.TENTHS;
        return new Point(
                Figures.coordinate(100 * stated),
                Figures.coordinate(100 * (1 - accuracy)),
                Figures.coordinate(100 * (1 - interval.low())),
                Figures.coordinate(100 * (1 - interval.high())),
                Figures.coordinate(LEAST + MOST * Math.sqrt((double) bin.samples() / samples)),
                "%d to %d %%".formatted(width * bin.tenth(), width * (bin.tenth() + 1)),
                Figures.percent(stated),
                Figures.percent(accuracy),
                "%s to %s".formatted(Figures.percent(interval.low()), Figures.percent(interval.high())),
                Words.count(bin.samples()));
    }
}
