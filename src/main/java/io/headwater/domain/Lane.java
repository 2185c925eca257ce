package io.headwater.domain;

import java.util.regex.Pattern;

/**
 * One adaptation applied to one domain: a single, totally ordered history of samples and versions.
 *
 * @param adaptation name of the adaptation: 1 to 100 of {@code a-z A-Z 0-9 . _ -}
 * @param domain key of the sample stream: 1 to 200 characters, without {@code /} and control characters
 */
public record Lane(String adaptation, String domain) implements Comparable<Lane> {

    private static final Pattern ADAPTATION = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final Pattern DOMAIN = Pattern.compile("[^/\\p{Cntrl}]{1,200}");

    public Lane {
        if (!isAdaptation(adaptation)) {
            throw new IllegalArgumentException(
                    "adaptation must be 1 to 100 letters, digits, '.', '_' or '-', but is '" + adaptation + "'");
        }
        if (!isDomain(domain)) {
            throw new IllegalArgumentException(
                    "domain must be 1 to 200 characters without '/' and control characters, but is '" + domain + "'");
        }
    }

    /** Returns whether {@code text} is a valid name of an adaptation. */
    public static boolean isAdaptation(String text) {
        return ADAPTATION.matcher(text).matches();
    }

    /** Returns whether {@code text} is a valid domain name. */
    public static boolean isDomain(String text) {
        return DOMAIN.matcher(text).matches();
    }

    /**
     * Parses {@code adaptation/domain}, the form that a lane has as a record key and as a command-line argument.
     *
     * @throws IllegalArgumentException when {@code key} has another form
     */
    public static Lane parse(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("lane must be 'adaptation/domain', but is '" + key + "'");
        }
        return new Lane(key.substring(0, slash), key.substring(slash + 1));
    }

    /** Returns the lane as {@code adaptation/domain}. */
    public String key() {
        return adaptation + "/" + domain;
    }

    @Override
    public int compareTo(Lane other) {
        return key().compareTo(other.key());
    }

    @Override
    public String toString() {
        return key();
    }
}
