package io.headwater.task.text;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Splits text at the characters that Python treats as white space, because the reference scripts of some metrics are
 * written in Python.
 */
public final class Whitespace {
    private static final String ANY = "[\\s\\x1c-\\x1f\\x85\\p{Z}]";
    private static final Pattern RUN = Pattern.compile(ANY + "+");
    private static final Pattern BLANK_OR_LONG_RUN = Pattern.compile(ANY + "{2,}| ");

    private Whitespace() {}

    /** Returns the words between runs of white space. */
    public static List<String> words(String text) {
        return cut(RUN, text);
    }

    /**
     * Returns the words between spaces or runs of at least two white space characters. A single tab is part of a word.
     */
    public static List<String> wordsBetweenBlanks(String text) {
        return cut(BLANK_OR_LONG_RUN, strip(text));
    }

    /** Returns {@code text} without leading and trailing white space. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && is(text.charAt(start))) {
            start++;
        }
        while (end > start && is(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static List<String> cut(Pattern between, String text) {
        return between.splitAsStream(text)
                .filter(Predicate.not(String::isEmpty))
                .toList();
    }

    /** Returns whether a code point is white space. */
    public static boolean is(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
