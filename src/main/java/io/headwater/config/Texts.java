package io.headwater.config;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Small helpers for the texts of keys and messages. */
final class Texts {
    private static final int SHOWN = 60;

    private Texts() {}

    /** Whether {@code text} has 1 to {@code maximum} characters, all of them printable and valid Unicode. */
    static boolean isPrintable(String text, int maximum) {
        return !text.isEmpty()
                && text.length() <= maximum
                && text.chars().noneMatch(Character::isISOControl)
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** {@code value} for a message: one line, shortened. */
    static String shown(String value) {
        String line = oneLine(value);
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    /** {@code text} with control characters replaced. */
    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** {@code ONE_NAME} as {@code one-name}. */
    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * How many characters must be inserted, deleted or replaced to turn one text into the other (Levenshtein 1966), by
     * the two-row method of Wagner and Fischer (1974).
     */
    static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[to.length()];
    }
}
