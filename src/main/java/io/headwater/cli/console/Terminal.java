package io.headwater.cli.console;

import io.headwater.standalone.Progress;
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

    /** Returns progress bars at a terminal, otherwise a progress that shows nothing. */
    public static Progress progress() {
        return isWatched() ? new Bars() : Progress.NONE;
    }

    private static final class Bars implements Progress {
        private @Nullable ProgressBar bar;

        @Override
        public void begin(String title, long total) {
            bar = new ProgressBarBuilder()
                    .setTaskName("%-13s".formatted(title))
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
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
