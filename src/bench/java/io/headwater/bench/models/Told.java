package io.headwater.bench.models;

import java.util.Locale;

/** Formats results as words and numbers, without the paths of files on the machine. */
final class Told {
    private static final int LONGEST = 600;

    private Told() {}

    static String of(Throwable failure) {
        return of(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }

    static String of(String message) {
        String told = message.replaceAll("(^|[\\s'\"(:])/(?:[^\\s'\"/]+/)+", "$1")
                .replaceAll("[|`\\s]+", " ")
                .strip();
        return told.substring(0, Math.min(told.length(), LONGEST));
    }

    /** Returns the kind of a failure, without the names and shapes of the tensors concerned. */
    static String kind(Throwable failure) {
        return kind(of(failure));
    }

    static String kind(String message) {
        return of(message)
                .replaceAll("'[^']*'", "'…'")
                .replaceAll("\\[[^\\]]*\\]", "[…]")
                .replaceAll("\\d+", "n");
    }

    static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
