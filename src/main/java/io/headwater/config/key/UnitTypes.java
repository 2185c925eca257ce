package io.headwater.config.key;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types of values that are written with a unit. */
public final class UnitTypes {
    private static final String SIZE_FORM = "([0-9]{1,12}) ?(B|KiB|MiB)?";
    private static final String DURATION_FORM = "([0-9]{1,9}) ?(ms|s|m|h)";
    private static final Pattern SIZE = Pattern.compile(SIZE_FORM);
    private static final Pattern DURATION = Pattern.compile(DURATION_FORM);
    private static final Duration LONGEST = Duration.ofHours(24);

    private UnitTypes() {}

    /**
     * Returns the type of a size from 1 byte to {@code mebibytes} MiB, optionally written with a binary unit:
     * {@code 64KiB}.
     */
    public static ScalarType<Integer> size(int mebibytes) {
        int maximum = mebibytes << 20;
        return new ScalarType<>(
                "a size from 1 to " + mebibytes + "MiB",
                UnitTypes::bytes,
                value -> value >= 1 && value <= maximum,
                UnitTypes::inBinaryUnits,
                Map.of(
                        "anyOf",
                        List.of(
                                Map.of("type", "integer", "minimum", 1, "maximum", maximum),
                                Map.of("type", "string", "pattern", "^" + SIZE_FORM + "$"))));
    }

    /**
     * Returns the type of a duration of at most 24 hours, written with a unit ({@code 500ms}) or as ISO 8601 ({@code
     * PT0.5S}).
     */
    public static ScalarType<Duration> duration(Duration minimum) {
        return new ScalarType<>(
                "a time from " + minimum.toMillis() + "ms to 24h",
                UnitTypes::time,
                value -> value.compareTo(minimum) >= 0 && value.compareTo(LONGEST) <= 0,
                UnitTypes::inTimeUnits,
                Map.of("type", "string", "pattern", "^(" + DURATION_FORM + "|P.+)$"));
    }

    private static Optional<Integer> bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            default -> 0;
        };
        long size = Long.parseLong(matcher.group(1)) << shift;
        return size > Integer.MAX_VALUE ? Optional.empty() : Optional.of((int) size);
    }

    private static String inBinaryUnits(int bytes) {
        if (bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : Integer.toString(bytes);
    }

    private static Optional<Duration> time(String text) {
        Matcher matcher = DURATION.matcher(text);
        try {
            return Optional.of(
                    matcher.matches()
                            ? inUnit(Long.parseLong(matcher.group(1)), matcher.group(2))
                            : Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Duration inUnit(long amount, String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String inTimeUnits(Duration time) {
        return time.toMillis() % 1000 == 0 && !time.isZero() ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
