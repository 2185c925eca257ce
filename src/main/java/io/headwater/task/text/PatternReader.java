package io.headwater.task.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads regular expressions of Oniguruma's Ruby syntax, which the tokenizers library uses, as far as their cost depends on
 * it. What it does not know, it refuses.
 */
final class PatternReader {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_NESTED = 50;
    private static final int MAX_REPEATED = 1000;
    /** Escapes of places: beginnings and ends of lines, texts and words. */
    private static final String PLACES = "AzZbBGK";

    private final String pattern;
    private int at;
    private int nested;

    private PatternReader(String pattern) {
        this.pattern = pattern;
    }

    /**
     * Returns the cost of {@code pattern}.
     *
     * @throws IllegalArgumentException when it cannot be bounded; the message continues a sentence about the pattern
     */
    static PatternCost cost(String pattern) {
        if (pattern.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("has " + pattern.length() + " characters, more than " + MAX_LENGTH);
        }
        PatternReader reader = new PatternReader(pattern);
        PatternCost cost = reader.alternatives();
        if (reader.at < pattern.length()) {
            throw reader.unknown("a group that ends without a beginning");
        }
        return cost;
    }

    private PatternCost alternatives() {
        if (++nested > MAX_NESTED) {
            throw unknown("groups nested more than " + MAX_NESTED + " deep");
        }
        PatternCost all = sequence();
        while (next('|')) {
            all = all.or(sequence());
        }
        nested--;
        return all;
    }

    private PatternCost sequence() {
        List<PatternCost> parts = new ArrayList<>();
        while (at < pattern.length() && peek() != '|' && peek() != ')') {
            parts.add(repeated(part()));
        }
        return PatternCost.sequence(parts);
    }

    private PatternCost part() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> set();
            case '\\' -> escape();
            case '^', '$', '.' -> PatternCost.ONE;
            default -> {
                if (Character.isHighSurrogate(c) && at < pattern.length()) {
                    at++;
                }
                yield PatternCost.ONE;
            }
        };
    }

    private PatternCost repeated(PatternCost part) {
        PatternCost cost = part;
        while (at < pattern.length()) {
            int start = at;
            char c = pattern.charAt(at++);
            if (c == '*') {
                cost = cost.repeated(0, -1);
            } else if (c == '+') {
                cost = cost.repeated(1, -1);
            } else if (c == '?') {
                cost = cost.repeated(0, 1);
            } else {
                int[] bounds = c == '{' ? interval() : null;
                if (bounds == null) {
                    at = start;
                    return cost;
                }
                cost = cost.repeated(bounds[0], bounds[1]);
            }
            if (next('?')) {
                // Fewer repetitions are tried first; there are as many ways.
                continue;
            }
            if (c != '{' && next('+')) {
                cost = cost.once();
            }
        }
        return cost;
    }

    /** Reads the rest of {@code {n}}, {@code {n,}}, {@code {,m}} or {@code {n,m}}; null when it is none. */
    private int @Nullable [] interval() {
        int end = pattern.indexOf('}', at);
        String inner = end < 0 ? "" : pattern.substring(at, end);
        if (!inner.matches("[0-9]{1,6}(,[0-9]{0,6})?|,[0-9]{1,6}")) {
            return null;
        }
        at = end + 1;
        int comma = inner.indexOf(',');
        String low = comma < 0 ? inner : inner.substring(0, comma);
        String high = comma < 0 ? inner : inner.substring(comma + 1);
        int least = low.isEmpty() ? 0 : Integer.parseInt(low);
        int most = high.isEmpty() ? -1 : Integer.parseInt(high);
        if (Math.max(least, most) > MAX_REPEATED) {
            throw new IllegalArgumentException("repeats a part more than " + MAX_REPEATED + " times");
        }
        return new int[] {least, most};
    }

    private PatternCost group() {
        if (next('*')) {
            throw unknown("a callout");
        }
        if (!next('?')) {
            return closed(alternatives());
        }
        char c = read();
        switch (c) {
            case ':':
                return closed(alternatives());
            case '=', '!':
                return closed(alternatives()).looked();
            case '>':
                return closed(alternatives()).once();
            case '#':
                return comment();
            case '<':
                if (next('=') || next('!')) {
                    return closed(alternatives()).looked();
                }
                skipTo('>');
                return closed(alternatives());
            case '\'':
                skipTo('\'');
                return closed(alternatives());
            default:
                at--;
                return options();
        }
    }

    /** Options hold up to the end of the group around them, and what follows is read as a group of its own. */
    private PatternCost options() {
        while (at < pattern.length() && "im-".indexOf(peek()) >= 0) {
            at++;
        }
        if (next(':')) {
            return closed(alternatives());
        }
        if (next(')')) {
            return alternatives();
        }
        throw unknown("a group of a kind that is not known here");
    }

    private PatternCost comment() {
        while (read() != ')') {
            // Escaped parentheses do not end a comment.
            if (pattern.charAt(at - 1) == '\\') {
                read();
            }
        }
        return PatternCost.EMPTY;
    }

    private PatternCost closed(PatternCost inner) {
        if (!next(')')) {
            throw unknown("a group without an end");
        }
        return inner;
    }

    /** A set of characters, in which others may be nested. */
    private PatternCost set() {
        next('^');
        if (next(']')) {
            throw unknown("a set that begins with its end");
        }
        for (int depth = 1; depth > 0; ) {
            char c = read();
            if (c == '\\') {
                read();
            } else if (c == '[') {
                next('^');
                if (next(']')) {
                    throw unknown("a set that begins with its end");
                }
                depth++;
            } else if (c == ']') {
                depth--;
            }
        }
        return PatternCost.ONE;
    }

    private PatternCost escape() {
        char c = read();
        if (c >= '1' && c <= '9' || c == 'k' || c == 'g') {
            throw unknown("a reference to a group");
        }
        if (c == 'c' || c == 'C' || c == 'M') {
            throw unknown("a control character by its letter");
        }
        if ((c == 'p' || c == 'P' || c == 'x') && next('{')) {
            skipTo('}');
        }
        return PLACES.indexOf(c) >= 0 ? PatternCost.ONE.once() : PatternCost.ONE;
    }

    private void skipTo(char end) {
        while (read() != end) {
            // Read as far as the end.
        }
    }

    private char peek() {
        return pattern.charAt(at);
    }

    private char read() {
        if (at >= pattern.length()) {
            throw unknown("an end in the middle of a part");
        }
        return pattern.charAt(at++);
    }

    private boolean next(char c) {
        boolean isNext = at < pattern.length() && peek() == c;
        at += isNext ? 1 : 0;
        return isNext;
    }

    private IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("has " + what + ", whose cost is not known");
    }
}
