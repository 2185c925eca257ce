package io.headwater.codec;

/** Abbreviates values in messages, so that a malicious value cannot make a message arbitrarily long. */
final class Abbreviation {

    private static final String ELLIPSIS = "…";

    private Abbreviation() {}

    /** Returns {@code text} truncated to at most {@code length} characters, never inside a surrogate pair. */
    static String of(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = length - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
