package io.headwater.cli;

import io.headwater.domain.ModelVersion;
import io.headwater.domain.Serving;
import io.headwater.domain.VersionRef;
import io.headwater.standalone.DemoView;
import java.io.PrintStream;

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
    public synchronized void domainBegins(String domain, int items) {
        out.printf("%ndomain %s: %d records%n", domain, items);
    }

    @Override
    public synchronized void answered(
            String domain, String text, boolean right, VersionRef by, double recentAccuracy, int count) {
        if (count % EVERY == 0) {
            out.printf("  %s: %d answered, recent accuracy %.0f %%, by %s%n", domain, count, 100 * recentAccuracy, by);
        }
    }

    @Override
    public synchronized void published(ModelVersion version, String verdict) {
        out.printf("  version %s (%d samples) %s%n", version.ref(), version.totalSamples(), verdict);
    }

    @Override
    public synchronized void swapped(String domain, Serving serving) {
        out.printf("  predictor of %s now answers with %s%n", domain, serving.version());
    }
}
