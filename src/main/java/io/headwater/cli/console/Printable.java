package io.headwater.cli.console;

/**
 * Makes text from elsewhere, such as labels and messages of brokers, safe to print: a terminal would obey control characters,
 * and show text in another order after those that change its direction.
 */
public final class Printable {
    private Printable() {}

    /** Returns one line, in which control characters are written as {@code \}{@code u001b}. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** Returns text in which control characters other than line breaks are written as {@code \}{@code u001b}. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean breaks) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isHarmless(point) || breaks && point == '\n') {
                escaped.appendCodePoint(point);
            } else {
                escaped.append(String.format("\\u%04x", point));
            }
        });
        return escaped.toString();
    }

    private static boolean isHarmless(int point) {
        boolean changesDirection = point >= 0x202A && point <= 0x202E || point >= 0x2066 && point <= 0x2069;
        return !Character.isISOControl(point) && !changesDirection && point != '\u2028' && point != '\u2029';
    }
}
