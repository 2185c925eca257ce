package io.headwater.page;

import io.headwater.board.ClassReport;
import io.headwater.board.LaneStory;
import io.headwater.board.chart.Figures;
import io.headwater.domain.ClassAnswers.AnswerPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which classes were answered where which were right: as a matrix where the classes are few, and the most confused pairs where they are
 * many.
 *
 * @param isMatrix whether the classes are few
 * @param classes their names; empty where they are many
 * @param rows a row for each class that was right
 * @param pairs the most frequent mistakes
 * @param samples number of answers, as text
 */
record ConfusionTable(boolean isMatrix, List<String> classes, List<Row> rows, List<Confused> pairs, String samples) {
    private static final int MOST_CLASSES = 10;
    private static final int PAIRS = 12;
    private static final int SHADES = 4;

    /** @param name of the class that was right */
    record Row(String name, List<Cell> cells) {}

    /**
     * @param shade 0 to 4, by its share of the samples of the class that was right
     * @param title its share, as text
     */
    record Cell(int count, boolean isRight, int shade, String title) {}

    /** A pair of classes that were confused. */
    record Confused(String expected, String predicted, int count) {}

    static ConfusionTable of(LaneStory story) {
        ClassReport report = story.answers();
        Set<String> names = new LinkedHashSet<>();
        Set<String> found = new LinkedHashSet<>();
        report.pairs().forEach(pair -> {
            found.add(pair.expected());
            found.add(pair.predicted());
        });
        story.labels().stream().filter(found::contains).forEach(names::add);
        found.stream().sorted().forEach(names::add);
        boolean isMatrix = names.size() <= MOST_CLASSES && report.others() == 0;
        List<String> classes = List.copyOf(names);
        return new ConfusionTable(
                isMatrix,
                isMatrix ? classes : List.of(),
                isMatrix ? rows(classes, report.pairs()) : List.of(),
                report.pairs().stream()
                        .filter(pair -> !pair.isRight())
                        .limit(PAIRS)
                        .map(pair -> new Confused(pair.expected(), pair.predicted(), pair.samples()))
                        .toList(),
                Words.count(report.samples()));
    }

    private static List<Row> rows(List<String> classes, List<AnswerPair> pairs) {
        Map<List<String>, Integer> counts = new HashMap<>();
        pairs.forEach(pair -> counts.put(List.of(pair.expected(), pair.predicted()), pair.samples()));
        List<Row> rows = new ArrayList<>();
        for (String expected : classes) {
            int all = classes.stream()
                    .mapToInt(predicted -> counts.getOrDefault(List.of(expected, predicted), 0))
                    .sum();
            Stream<Cell> cells = classes.stream().map(predicted -> {
                int count = counts.getOrDefault(List.of(expected, predicted), 0);
                double share = all == 0 ? 0 : (double) count / all;
                return new Cell(
                        count,
                        expected.equals(predicted),
                        (int) Math.ceil(SHADES * share),
                        "%s of %s".formatted(Figures.percent(share), expected));
            });
            rows.add(new Row(expected, cells.toList()));
        }
        return rows;
    }
}
