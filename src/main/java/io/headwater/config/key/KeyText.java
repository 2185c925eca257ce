package io.headwater.config.key;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Helpers for texts of keys and messages. */
public final class KeyText {
    private static final int SHOWN = 60;

    private KeyText() {}

    /** Returns whether {@code text} has 1 to {@code maximum} characters, all of them printable and valid Unicode. */
    public static boolean isPrintable(String text, int maximum) {
        return !text.isEmpty()
                && text.length() <= maximum
                && text.chars().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Returns {@code value} shortened to one line for a message. */
    public static String shown(String value) {
        String line = oneLine(value);
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /** Returns {@code text} with control characters replaced. */
    public static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** Converts {@code ONE_NAME} to {@code one-name}. */
    public static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
