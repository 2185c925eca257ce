package io.headwater.cli.demo;

import io.headwater.cli.console.TerminalSize;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.Evaluation.Kind;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.DemoView;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jline.utils.AttributedString;

/**
 * Shows the demo at a terminal as a panel that is redrawn in place. While the demo runs, the panel is the only content of the
 * terminal, on its alternate screen, so that a change of the terminal's size leaves no remains; at the end, the last state of the
 * panel is written below what the terminal showed before.
 */
final class LiveDemoView implements DemoView, AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l" + HOME + CLEAR_BELOW;
    private static final String END = HOME + CLEAR_BELOW + "\u001b[?25h\u001b[?1049l";

    private final PrintStream out;
    private final Supplier<TerminalSize> terminal;
    private final boolean coloured;
    private final DemoPanel panel;
    private TerminalSize size;
    private String act = "";
    private boolean refused;
    private boolean closed;
    private long lastDraw;
    private long lastLook;

    /**
     * Creates a view and takes the terminal.
     *
     * @param terminal the size of the terminal, which may change
     * @param coloured whether colours are shown
     */
    LiveDemoView(PrintStream out, Supplier<TerminalSize> terminal, boolean coloured, Glyphs glyphs) {
        this.out = out;
        this.terminal = terminal;
        this.coloured = coloured;
        this.panel = new DemoPanel(glyphs);
        this.size = terminal.get();
        this.lastLook = System.nanoTime();
        out.print(BEGIN);
        out.flush();
    }

    @Override
    public synchronized void stage(String title) {
        panel.stage(title);
        draw(true);
    }

    @Override
    public synchronized void page(String url) {
        panel.note("see it in a browser: " + url);
        draw(true);
    }

    @Override
    public synchronized void actBegins(String begun, String description, int items) {
        panel.begin(begun, items);
        panel.stage(description);
        act = begun;
        refused = false;
        draw(true);
    }

    @Override
    public synchronized void answered(
            String name, String text, boolean right, VersionRef by, double recentAccuracy, int count) {
        panel.answered(name, text, right, by.toString(), recentAccuracy, count);
        draw(false);
    }

    @Override
    public synchronized void labelled(String name, String text, String label, String answered, Duration delay) {
        panel.note("%s, %d:%02d ago: answered %s, %s: %s"
                .formatted(
                        name,
                        delay.toMinutes(),
                        delay.toSecondsPart(),
                        answered,
                        answered.equals(label) ? "which is right" : "right is " + label,
                        text));
        draw(false);
    }

    @Override
    public synchronized void standing(String text) {
        panel.stage(text);
        draw(false);
    }

    @Override
    public synchronized void published(ModelVersion version, Evaluation verdict) {
        panel.version("version %s %s".formatted(version.ref(), verdict.verdict()));
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
        panel.note(act + ": " + text);
    }

    @Override
    public synchronized void swapped(String domain, Serving serving) {
        panel.serving("predictor answers %s with %s".formatted(domain, serving.version()));
        draw(false);
    }

    @Override
    public synchronized void finished() {
        panel.end("done");
        close();
        lines().forEach(line -> out.println(text(line)));
        out.flush();
    }

    /** Gives the terminal back as it was. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            out.print(END);
            out.flush();
        }
    }

    private void draw(boolean now) {
        long time = System.nanoTime();
        if (closed || !now && time - lastDraw < REDRAW_NANOS) {
            return;
        }
        lastDraw = time;
        StringBuilder screen = new StringBuilder(HOME);
        lines().forEach(line -> screen.append(CLEAR_LINE).append(text(line)).append("\r\n"));
        out.print(screen.append(CLEAR_BELOW));
        out.flush();
    }

    /** Asking for the size may start a program, so it is not done for each drawing. */
    private List<AttributedString> lines() {
        long time = System.nanoTime();
        if (time - lastLook >= LOOK_NANOS) {
            lastLook = time;
            size = terminal.get();
        }
        return panel.lines(size);
    }

    private String text(AttributedString line) {
        return coloured ? line.toAnsi() : line.toString();
    }
}
