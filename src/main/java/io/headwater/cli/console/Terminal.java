package io.headwater.cli.console;

import io.headwater.standalone.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** What a person at a terminal sees while something long runs; on standard error, so that output stays clean. */
public final class Terminal {
    private Terminal() {}

    /** Whether somebody watches. */
    public static boolean isWatched() {
        return System.console() != null && System.getenv("TERM") != null && !"dumb".equals(System.getenv("TERM"));
    }

    /** Progress bars where somebody watches, else nothing. */
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
