package io.headwater.domain;

import java.nio.charset.StandardCharsets;

/**
 * The fixed limits of what records may hold. Whatever goes from a record into an event is limited here or by {@code
 * LimitsConfig}, so that no event can become larger than its topic allows. Lengths are in UTF-16 characters unless they
 * are called bytes.
 */
public final class Limits {
    /** Length of the id of a sample or a request. */
    public static final int ID = 200;
    /** Length of the name of a class, a tag or an action. */
    public static final int NAME = 200;
    /** Number of names in a multi-label, which is also the largest value of {@code limits.classes}. */
    public static final int NAMES = 100_000;
    /** Size in UTF-8 of all names of a lane's outputs together; versions and predictions contain all of them. */
    public static final int ALL_NAMES_BYTES = 1 << 20;
    /** Length of a transcript. The longest sound has 600 seconds, in which nobody says as much. */
    public static final int TRANSCRIPT = 1 << 16;
    /** Length of the name of the person who gives a command. */
    public static final int BY = 200;
    /** Length of the reason of a command. */
    public static final int REASON = 1000;
    /** Number of offsets in a command. */
    public static final int OFFSETS = 100;
    /** Number of dimensions of a tensor. */
    public static final int RANK = 16;
    /** Number of texts in a record, such as the words and tags of a sentence. */
    public static final int TEXTS = 1 << 20;

    private static final int SHOWN = 40;

    private Limits() {}

    /**
     * Returns {@code text} if it has at most {@code most} characters.
     *
     * @param what name of the text in the message
     * @throws IllegalArgumentException when it has more
     */
    public static String atMost(String what, String text, int most) {
        if (text.length() > most) {
            throw new IllegalArgumentException(
                    "%s must have at most %d characters, but has %d, beginning with '%s'; shorten it"
                            .formatted(what, most, text.length(), text.substring(0, Math.min(SHOWN, text.length()))));
        }
        return text;
    }

    /** Returns the size of {@code text} in UTF-8. */
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
