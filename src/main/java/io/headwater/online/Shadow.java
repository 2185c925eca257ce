package io.headwater.online;

import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A challenger that answers some of the requests of a lane, too, so that its answers can be scored when labels come.
 *
 * @param lane whose requests it answers, and whose version it is
 * @param version number of the version, from 1
 * @param share of the requests, above 0 and up to 1
 */
public record Shadow(Lane lane, long version, double share) {
    /** The largest number of challengers of a process, all of whose heads stay in memory. */
    public static final int MOST = PinnedHeads.MOST;

    private static final int HEX_DIGITS = 13;

    /** Reads {@code ADAPTATION/DOMAIN@VERSION:SHARE}; empty when it is none, or when a number is out of its range. */
    public static Optional<Shadow> parse(String text) {
        int colon = text.lastIndexOf(':');
        int at = text.lastIndexOf('@', colon);
        int slash = text.indexOf('/');
        if (slash < 1
                || at < slash
                || !Lane.isAdaptation(text.substring(0, slash))
                || !Lane.isDomain(text.substring(slash + 1, at))) {
            return Optional.empty();
        }
        try {
            long version = Long.parseLong(text.substring(at + 1, colon));
            double share = Double.parseDouble(text.substring(colon + 1));
            return version > 0 && share > 0 && share <= 1
                    ? Optional.of(new Shadow(Lane.parse(text.substring(0, at)), version, share))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether the challenger answers a request. It only depends on the lane, the id and the share: every process chooses the
     * same requests, and a larger share adds some to those of a smaller one.
     */
    boolean chooses(String requestId) {
        String hex = Digest.of((lane.key() + '\0' + requestId).getBytes(StandardCharsets.UTF_8))
                .hex();
        return Long.parseLong(hex.substring(0, HEX_DIGITS), 16) * 0x1p-52 < share;
    }

    @Override
    public String toString() {
        return "%s@%d:%s".formatted(lane, version, share);
    }
}
