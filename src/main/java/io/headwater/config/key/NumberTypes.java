package io.headwater.config.key;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Types of values that are numbers. */
public final class NumberTypes {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,19}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    private NumberTypes() {}

    /** Returns the type of an integer in a range that includes both ends. */
    public static ScalarType<Integer> whole(int minimum, int maximum) {
        return new ScalarType<>(
                "a whole number from " + minimum + " to " + maximum,
                NumberTypes::integer,
                value -> value >= minimum && value <= maximum,
                String::valueOf,
                Map.of("type", "integer", "minimum", minimum, "maximum", maximum));
    }

    /** Returns the type of an even integer in a range that includes both ends. */
    public static ScalarType<Integer> even(int minimum, int maximum) {
        return new ScalarType<>(
                "an even number from " + minimum + " to " + maximum,
                NumberTypes::integer,
                value -> value >= minimum && value <= maximum && value % 2 == 0,
                String::valueOf,
                Map.of("type", "integer", "minimum", minimum, "maximum", maximum, "multipleOf", 2));
    }

    /** Returns the type of an integer in a range that includes both ends. */
    public static ScalarType<Long> whole(long minimum, long maximum) {
        return new ScalarType<>(
                "a whole number from " + minimum + " to " + maximum,
                NumberTypes::longInteger,
                value -> value >= minimum && value <= maximum,
                String::valueOf,
                Map.of("type", "integer", "minimum", minimum, "maximum", maximum));
    }

    /** Returns the type of a 64-bit integer other than 0. */
    public static ScalarType<Long> wholeOtherThanZero() {
        return new ScalarType<>(
                "a whole number of 64 bits other than 0",
                NumberTypes::longInteger,
                value -> value != 0,
                String::valueOf,
                Map.of("type", "integer", "not", Map.of("const", 0)));
    }

    /** Returns the type of a number in a range that includes both ends. */
    public static ScalarType<Double> between(double minimum, double maximum) {
        return decimal(
                "a number from " + plain(minimum) + " to " + plain(maximum),
                value -> value >= minimum && value <= maximum,
                Map.of("minimum", number(minimum), "maximum", number(maximum)));
    }

    /** Returns the type of a number from 0 (inclusive) to 1 (exclusive). */
    public static ScalarType<Double> belowOne() {
        return decimal(
                "a number from 0 to below 1",
                value -> value >= 0 && value < 1,
                Map.of("minimum", 0, "exclusiveMaximum", 1));
    }

    /** Returns the type of a number above 0 and up to {@code maximum}. */
    public static ScalarType<Double> aboveZero(double maximum) {
        return decimal(
                "a number above 0 and at most " + plain(maximum),
                value -> value > 0 && value <= maximum,
                Map.of("exclusiveMinimum", 0, "maximum", number(maximum)));
    }

    /** Returns the type of a finite number. */
    public static ScalarType<Double> finite() {
        return decimal("a finite number", Double::isFinite, Map.of());
    }

    /** Returns the type of a finite number other than 0. */
    public static ScalarType<Double> finiteOtherThanZero() {
        return decimal(
                "a finite number other than 0",
                value -> Double.isFinite(value) && value != 0,
                Map.of("not", Map.of("const", 0)));
    }

    private static ScalarType<Double> decimal(String rule, Predicate<Double> range, Map<String, Object> bounds) {
        Map<String, Object> schema = new TreeMap<>(bounds);
        schema.put("type", "number");
        return new ScalarType<>(
                rule,
                text -> DECIMAL.matcher(text).matches() ? Optional.of(Double.parseDouble(text)) : Optional.empty(),
                range,
                value -> value.toString().replace(".0E", "e").replace('E', 'e'),
                schema);
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

    private static String plain(double value) {
        return number(value).toPlainString();
    }

    /** Converts {@code value} so that an integer is written without ".0". */
    private static BigDecimal number(double value) {
        return value == Math.rint(value) ? BigDecimal.valueOf((long) value) : BigDecimal.valueOf(value);
    }
}
