package io.headwater.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a time in ISO 8601 with its offset from UTC, or how long ago it is. */
public final class TimeConverter implements ITypeConverter<Instant> {
    private static final long HOURS = 24;

    @Override
    public Instant convert(String text) {
        try {
            return text.contains(":")
                    ? OffsetDateTime.parse(text).toInstant()
                    : Instant.now().minus(ago(text));
        } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException(
                    "must be a time such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00, or how long ago, such"
                            + " as 90m, 12h or 7d, but is '"
                            + text + "'");
        }
    }

    private static Duration ago(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.endsWith("d")
                ? Duration.ofHours(Math.multiplyExact(HOURS, Long.parseLong(lower.substring(0, lower.length() - 1))))
                : Duration.parse("PT" + lower);
    }
}
