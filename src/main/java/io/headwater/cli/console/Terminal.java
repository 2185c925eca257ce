package io.headwater.cli.console;

import io.headwater.standalone.Progress;
import java.nio.charset.Charset;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress at a terminal during long operations. It uses standard error, so that standard output has only
 * results.
 */
public final class Terminal {
    private Terminal() {}

    /** Returns whether the output is shown at a terminal. */
    public static boolean isWatched() {
        return System.console() != null && System.getenv("TERM") != null && !"dumb".equals(System.getenv("TERM"));
    }

    /** Returns whether a user accepts colours: the environment variable {@code NO_COLOR} is empty or not set. */
    public static boolean isColoured() {
        String refused = System.getenv("NO_COLOR");
        return refused == null || refused.isEmpty();
    }

    /** Returns the encoding of standard output. */
    public static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
    }

    /** Returns progress bars at a terminal, otherwise a progress that prints a line now and then. */
    public static Progress progress() {
        return isWatched() ? new Bars(style()) : new LineProgress(System.err, System::nanoTime);
    }

    private static ProgressBarStyle style() {
        if (!charset().canEncode() || !charset().newEncoder().canEncode('█')) {
            return ProgressBarStyle.ASCII;
        }
        return isColoured() ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.UNICODE_BLOCK;
    }

    private static final class Bars implements Progress {
        private final ProgressBarStyle style;
        private @Nullable ProgressBar bar;

        Bars(ProgressBarStyle style) {
            this.style = style;
        }

        @Override
        public void begin(String title, long total) {
            bar = new ProgressBarBuilder()
                    .setTaskName("%-13s".formatted(title))
                    .setInitialMax(total)
                    .setStyle(style)
                    .setUpdateIntervalMillis(200)
                    .showSpeed()
                    .build();
        }

        @Override
        public void advance(long by) {
            if (bar != null) {
                bar.stepBy(by);
            }
        }

        @Override
        public void end() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
