package io.headwater.board.chart;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers, times and names of constants are written in charts and beside them. */
public final class Figures {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Figures() {}

    /** Returns a fraction, 0 to 1, in percent. */
    public static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }

    /** Returns a coordinate for SVG. */
    public static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Returns the name of a constant as words. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns a time with its date. */
    public static String time(Instant at) {
        return TIME.format(at);
    }

    /** Returns a time on the axis of a chart that covers {@code span}. */
    static String tick(Instant at, Duration span) {
        return (span.toHours() < 20 ? CLOCK : DAY).format(at);
    }
}
