package io.headwater.cli.demo;

import io.headwater.domain.DriftSignal;
import io.headwater.domain.Evaluation;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.DemoView;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Shows the demo as lines of text, for logs and pipes. */
final class PlainDemoView implements DemoView {
    private static final int EVERY = 60;

    private final PrintStream out;

    PlainDemoView(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void stage(String title) {
        out.println(title);
    }

    @Override
    public synchronized void page(String url) {
        out.println("see it in a browser: " + url);
    }

    @Override
    public synchronized void actBegins(String act, String description, int items) {
        out.printf("%n%s: %s, %d records%n", act, description, items);
    }

    @Override
    public synchronized void answered(
            String act, String text, boolean right, VersionRef by, double recentAccuracy, int count) {
        if (count % EVERY == 0) {
            out.printf("  %s: %d answered, recent accuracy %.0f %%, by %s%n", act, count, 100 * recentAccuracy, by);
        }
    }

    @Override
    public synchronized void labelled(String act, String text, String label, String answered, Duration delay) {
        out.printf(
                "  %s: label %s after %d:%02d, answered %s: %s%n",
                act, label, delay.toMinutes(), delay.toSecondsPart(), answered, text);
    }

    @Override
    public synchronized void published(ModelVersion version, Evaluation verdict) {
        out.printf(
                "  version %s (%d samples) %s: %s%n",
                version.ref(),
                version.totalSamples(),
                verdict.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                verdict.verdict());
    }

    @Override
    public synchronized void drifted(DriftSignal signal) {
        out.printf("  drift in %s: %s noticed a change of %s%n", signal.lane(), signal.detector(), signal.signal());
    }

    @Override
    public synchronized void swapped(String domain, Serving serving) {
        out.printf("  predictor of %s now answers with %s%n", domain, serving.version());
    }
}
