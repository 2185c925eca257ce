package io.headwater.codec;

/** Keeps hostile values from making messages as long as themselves. */
final class Abbreviation {

    private static final String ELLIPSIS = "…";

    private Abbreviation() {}

    /** {@code text}, cut to {@code length} characters at most, never inside a surrogate pair. */
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
