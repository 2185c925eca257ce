package io.headwater.config;

import io.headwater.domain.Digest;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The kinds of keys. */
final class Keys {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12}) ?(B|KiB|MiB)?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private Keys() {}

    static ScalarKey<Integer> whole(String path, int minimum, int maximum) {
        String rule = "a whole number from " + minimum + " to " + maximum;
        return new ScalarKey<>(path, rule, Keys::integer, value -> value >= minimum && value <= maximum);
    }

    static ScalarKey<Long> whole(String path, String rule, Predicate<Long> range) {
        return new ScalarKey<>(path, rule, Keys::longInteger, range);
    }

    static ScalarKey<Double> decimal(String path, String rule, Predicate<Double> range) {
        return new ScalarKey<>(
                path,
                rule,
                text -> DECIMAL.matcher(text).matches() ? Optional.of(Double.parseDouble(text)) : Optional.empty(),
                range);
    }

    /** Bytes, also written with a binary unit: {@code 64KiB}. */
    static ScalarKey<Integer> size(String path, int mebibytes) {
        int maximum = mebibytes << 20;
        return new ScalarKey<>(
                path, "a size from 1 to " + mebibytes + "MiB", Keys::bytes, value -> value >= 1 && value <= maximum);
    }

    /** A time, written with a unit ({@code 500ms}) or as ISO 8601 ({@code PT0.5S}). */
    static ScalarKey<Duration> duration(String path, Duration minimum, String minimumText) {
        return new ScalarKey<>(
                path,
                "a time from " + minimumText + " to 24h",
                Keys::duration,
                value -> value.compareTo(minimum) >= 0 && value.compareTo(Duration.ofHours(24)) <= 0);
    }

    static <E extends Enum<E>> ScalarKey<E> choice(String path, Class<E> type) {
        E[] constants = type.getEnumConstants();
        String rule = Arrays.stream(constants).map(Texts::kebab).collect(Collectors.joining(" or "));
        Function<String, Optional<E>> form = text -> Arrays.stream(constants)
                .filter(constant -> Texts.kebab(constant).equals(text))
                .findFirst();
        return new ScalarKey<>(path, rule, form, constant -> true);
    }

    static ScalarKey<Boolean> flag(String path) {
        return new ScalarKey<>(
                path,
                "true or false",
                text -> switch (text) {
                    case "true" -> Optional.of(true);
                    case "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                value -> true);
    }

    static ScalarKey<String> text(String path, int maximum) {
        return text(path, "1 to " + maximum + " printable characters", text -> Texts.isPrintable(text, maximum));
    }

    static ScalarKey<String> text(String path, String rule, Predicate<String> range) {
        return new ScalarKey<>(path, rule, Optional::of, range);
    }

    static ScalarKey<String> name(String path) {
        return text(path, "1 to 100 letters, digits, '.', '_' or '-'", NAME.asMatchPredicate());
    }

    static ScalarKey<Digest> digest(String path) {
        String rule = "the file's SHA-256: 'sha256:' and 64 lower-case hexadecimal digits";
        return new ScalarKey<>(path, rule, Keys::parseDigest, digest -> true);
    }

    private static Optional<Integer> integer(String text) {
        return longInteger(text).filter(value -> value == value.intValue()).map(Long::intValue);
    }

    private static Optional<Long> longInteger(String text) {
        try {
            return WHOLE.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
        } catch (NumberFormatException beyondLong) {
            return Optional.empty();
        }
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

    private static Optional<Duration> duration(String text) {
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

    private static Optional<Digest> parseDigest(String text) {
        try {
            return Optional.of(Digest.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
