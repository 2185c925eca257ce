package io.headwater.cli.console;

import java.util.List;
import java.util.Locale;

/** Numbers of bytes as text for people. */
public final class Bytes {
    private static final double STEP = 1000;

    private Bytes() {}

    /** Returns a number of bytes as text, such as {@code 3.2 MB}; a kilobyte has 1000 bytes. */
    public static String text(long bytes) {
        double value = bytes;
        for (String unit : List.of("B", "kB", "MB")) {
            if (value < STEP) {
                return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
            }
            value /= STEP;
        }
        return String.format(Locale.ROOT, "%.1f GB", value);
    }
}
