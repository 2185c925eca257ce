package io.headwater.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How numbers, ages and addresses are shown. */
final class Words {
    private Words() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String ago(Instant at, Instant now) {
        if (at.equals(Instant.EPOCH)) {
            return "";
        }
        long seconds = Math.max(0, Duration.between(at, now).toSeconds());
        if (seconds < 60) {
            return seconds + " s ago";
        } else if (seconds < 3600) {
            return seconds / 60 + " min ago";
        }
        return seconds < 86_400 ? seconds / 3600 + " h ago" : seconds / 86_400 + " days ago";
    }
}
