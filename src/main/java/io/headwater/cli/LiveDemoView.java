package io.headwater.cli;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.DemoReport;
import io.headwater.standalone.DemoView;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shows the demo as a panel that is redrawn in place, with a row for each domain: progress, recent accuracy and the
 * history of accuracy.
 */
final class LiveDemoView implements DemoView {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BAR = 12;
    private static final int HISTORY = 24;
    private static final int TEXT = 78;
    /** Number of lines of what is notable: changes, refused versions and rollbacks. */
    private static final int NOTES = 5;

    private static final String SPARKS = "▁▂▃▄▅▆▇█";
    private static final String CLEAR_LINE = "\u001b[2K";

    private final PrintStream out;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private String stage = "";
    private String question = "";
    private String news = "";
    private String swap = "";
    private final ArrayDeque<String> notes = new ArrayDeque<>();
    private String act = "";
    private boolean refused;
    private int drawn;
    private long lastDraw;

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

    LiveDemoView(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void stage(String title) {
        stage = title;
        draw(true);
    }

    @Override
    public synchronized void actBegins(String begun, String description, int items) {
        rows.put(begun, new Row(items));
        act = begun;
        refused = false;
        stage = description;
        draw(true);
    }

    @Override
    public synchronized void answered(
            String name, String text, boolean right, VersionRef by, double recentAccuracy, int count) {
        Row row = rows.get(name);
        if (row == null) {
            return;
        }
        row.count = count;
        row.accuracy = recentAccuracy;
        row.version = by.toString();
        if (count % Math.max(1, row.items / HISTORY) == 0) {
            int level = (int) Math.round(Math.max(0, recentAccuracy - 0.4) / 0.6 * (SPARKS.length() - 1));
            row.history.append(SPARKS.charAt(Math.min(SPARKS.length() - 1, level)));
        }
        question = (right ? "\u001b[32m✓\u001b[0m " : "\u001b[31m✗\u001b[0m ") + shortened(text);
        draw(false);
    }

    @Override
    public synchronized void published(ModelVersion version, Evaluation verdict) {
        news = "version %s %s".formatted(version.ref(), verdict.verdict());
        if (verdict.kind() == Kind.ROLLED_BACK) {
            note("rolled back: " + verdict.verdict());
        } else if (verdict.kind() == Kind.REJECTED && !refused) {
            refused = true;
            note("refused: " + verdict.verdict());
        }
        draw(false);
    }

    @Override
    public synchronized void drifted(DriftSignal signal) {
        note("drift: the " + signal.signal() + " of " + signal.lane() + " rose");
        draw(false);
    }

    private void note(String text) {
        notes.addLast(act + ": " + text);
        if (notes.size() > NOTES) {
            notes.removeFirst();
        }
    }

    @Override
    public synchronized void swapped(String domain, Serving serving) {
        swap = "predictor answers %s with %s".formatted(domain, serving.version());
        draw(false);
    }

    @Override
    public synchronized void finished(DemoReport report) {
        stage = "done";
        question = "";
        draw(true);
    }

    private void draw(boolean now) {
        if (!now && System.nanoTime() - lastDraw < REDRAW_NANOS) {
            return;
        }
        lastDraw = System.nanoTime();
        StringBuilder panel = new StringBuilder();
        if (drawn > 0) {
            panel.append("\u001b[").append(drawn).append('A');
        }
        drawn = 0;
        append(panel, "\u001b[1mHeadwater\u001b[0m  " + stage);
        rows.forEach((domain, row) -> append(panel, line(domain, row)));
        notes.forEach(note -> append(panel, shortened(note)));
        append(panel, question);
        append(panel, shortened(news));
        append(panel, shortened(swap));
        out.print(panel);
        out.flush();
    }

    private void append(StringBuilder panel, String line) {
        panel.append(CLEAR_LINE).append(line).append('\n');
        drawn++;
    }

    private static String line(String domain, Row row) {
        int filled = row.items == 0 ? 0 : Math.min(BAR, BAR * row.count / row.items);
        return "%-9s \u001b[36m%s%s\u001b[0m %3d/%-3d %3.0f %% %-24s %s"
                .formatted(
                        domain,
                        "█".repeat(filled),
                        "░".repeat(BAR - filled),
                        row.count,
                        row.items,
                        100 * row.accuracy,
                        row.history,
                        row.version);
    }

    private static String shortened(String text) {
        return text.length() <= TEXT ? text : text.substring(0, TEXT - 1) + "…";
    }
}
