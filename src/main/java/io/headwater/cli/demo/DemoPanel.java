package io.headwater.cli.demo;

import io.headwater.cli.console.Printable;
import io.headwater.cli.console.TerminalSize;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What the live view shows: a row for each act with its progress, its recent accuracy and the history of its accuracy, and below
 * them what happened last. It is drawn for a terminal of any size: no line is wider, and no more lines are drawn than fit.
 */
final class DemoPanel {
    private static final int BAR = 12;
    private static final int HISTORY = 24;
    /** Number of lines of what is notable: changes, refused versions and rollbacks. */
    private static final int NOTES = 5;
    /** Columns of the name of an act, which is shown at any width, as are its numbers. */
    private static final int NAME = 10;

    private static final int LEAST_DIGITS = 3;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle BOLD = PLAIN.bold();
    private static final AttributedStyle CYAN = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle GREEN = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle RED = PLAIN.foreground(AttributedStyle.RED);

    private final Glyphs glyphs;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final ArrayDeque<String> notes = new ArrayDeque<>();
    private String stage = "";
    private String question = "";
    private boolean right;
    private String version = "";
    private String serving = "";

    private static final class Row {
        private final int items;
        private final StringBuilder history = new StringBuilder();
        private int count;
        private double accuracy;
        private String version = "";

        Row(int items) {
            this.items = items;
        }
    }

    DemoPanel(Glyphs glyphs) {
        this.glyphs = glyphs;
    }

    void stage(String title) {
        stage = title;
    }

    /** Adds a row for an act of {@code items} questions. */
    void begin(String act, int items) {
        rows.put(act, new Row(items));
    }

    /**
     * Shows an answer, and in the act's row the accuracy of the last ones.
     *
     * @param text the question; empty for the one before
     */
    void answered(String act, String text, boolean isRight, String by, double recentAccuracy, int count) {
        Row row = rows.get(act);
        if (row == null) {
            return;
        }
        row.count = count;
        row.accuracy = recentAccuracy;
        row.version = by;
        if (count % Math.max(1, row.items / HISTORY) == 0) {
            row.history.append(glyphs.level(recentAccuracy));
        }
        if (!text.isEmpty()) {
            question = text;
            right = isRight;
        }
    }

    /** Adds something notable; the oldest note goes when there are too many. */
    void note(String text) {
        notes.addLast(text);
        if (notes.size() > NOTES) {
            notes.removeFirst();
        }
    }

    void version(String text) {
        version = text;
    }

    void serving(String text) {
        serving = text;
    }

    /** Removes the question, the newest version and what serves, which say nothing after the end. */
    void end(String title) {
        stage = title;
        question = "";
        version = "";
        serving = "";
    }

    /** Returns the lines for a terminal of {@code size}; the last column and the last row of it stay empty. */
    List<AttributedString> lines(TerminalSize size) {
        // A character in the last column would let some terminals begin a new line.
        int columns = Math.max(1, size.columns() - 1);
        int room = Math.max(1, size.rows() - 1);
        List<AttributedString> last = new ArrayList<>();
        if (!question.isEmpty()) {
            last.add(line().append(String.valueOf(right ? glyphs.right() : glyphs.wrong()), right ? GREEN : RED)
                    .append(" " + Printable.line(question))
                    .toAttributedString());
        }
        for (String text : List.of(version, serving)) {
            if (!text.isEmpty()) {
                last.add(line().append(Printable.line(text)).toAttributedString());
            }
        }
        List<AttributedString> body = new ArrayList<>();
        rows.forEach((act, row) -> body.add(row(act, row, columns)));
        // Where not all fits, what happens now is more important than the notes, and these than earlier acts.
        List<AttributedString> remarks = notes.stream()
                .map(note -> line().append(Printable.line(note)).toAttributedString())
                .toList();
        List<AttributedString> lines = new ArrayList<>();
        lines.add(line().append("Headwater", BOLD).append("  " + stage).toAttributedString());
        List<AttributedString> now = newest(last, room - 1);
        List<AttributedString> acts = newest(body, room - 1 - now.size());
        lines.addAll(acts);
        lines.addAll(newest(remarks, room - 1 - now.size() - acts.size()));
        lines.addAll(now);
        return lines.stream().map(line -> cut(line, columns)).toList();
    }

    private static List<AttributedString> newest(List<AttributedString> lines, int count) {
        return lines.subList(Math.max(0, lines.size() - Math.max(0, count)), lines.size());
    }

    private AttributedString row(String act, Row row, int columns) {
        // As wide at the end as at the beginning, so that nothing to the right of it moves.
        int digits = Math.max(LEAST_DIGITS, Integer.toString(row.items).length());
        String numbers = ("%" + digits + "d/%-" + LEAST_DIGITS + "d %3.0f %%")
                .formatted(row.count, row.items, 100 * row.accuracy);
        int room = columns - NAME - numbers.length() - 1;
        int bar = room > BAR ? BAR : 0;
        room -= bar == 0 ? 0 : bar + 1;
        int history = Math.min(HISTORY, Math.max(0, room - 1 - row.version.length()));
        AttributedStringBuilder line = line().append("%-9s ".formatted(act));
        if (bar > 0) {
            int filled = row.items == 0 ? 0 : Math.min(bar, bar * row.count / row.items);
            line.append(String.valueOf(glyphs.done()).repeat(filled), CYAN)
                    .append(String.valueOf(glyphs.open()).repeat(bar - filled), CYAN)
                    .append(" ");
        }
        line.append(numbers);
        if (history > 0) {
            String newest = row.history.substring(Math.max(0, row.history.length() - history));
            line.append(" ").append(newest).append(" ".repeat(history - newest.length()));
        }
        return line.append(" ").append(row.version).toAttributedString();
    }

    private AttributedString cut(AttributedString line, int columns) {
        if (line.columnLength() <= columns) {
            return line;
        }
        return line().append(line.columnSubSequence(0, columns - 1))
                .append(String.valueOf(glyphs.more()))
                .toAttributedString();
    }

    private static AttributedStringBuilder line() {
        return new AttributedStringBuilder();
    }
}
