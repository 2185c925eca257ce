package io.headwater.page;

import io.headwater.board.VersionRow;
import io.headwater.board.chart.Figures;
import io.headwater.domain.VersionRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A version as it is shown, with what can be decided about it. */
record VersionLine(
        long number,
        boolean isServing,
        String parent,
        String samples,
        String created,
        String createdAt,
        String artifact,
        List<Decision> decisions) {

    static VersionLine of(VersionRow row, @Nullable VersionRef serving, Instant now) {
        long number = row.ref().number();
        boolean serves = row.ref().equals(serving);
        VersionRef parent = row.parent();
        return new VersionLine(
                number,
                serves,
                parent == null
                        ? "untrained"
                        : parent.lane().equals(row.ref().lane()) ? Long.toString(parent.number()) : parent.toString(),
                Words.count(row.samples()),
                Words.ago(row.createdAt(), now),
                Figures.time(row.createdAt()),
                row.ref().artifact().hex().substring(0, 12),
                decisions(number, serves, serving));
    }

    private static List<Decision> decisions(long number, boolean serves, @Nullable VersionRef serving) {
        Decision pin = Decision.of(
                "pin", "Pin", number, "Version %d serves until it is unpinned, whatever is learned.".formatted(number));
        if (serves) {
            return List.of(pin);
        }
        boolean isOlder = serving != null && number < serving.number();
        Decision change = isOlder
                ? Decision.of(
                        "rollback",
                        "Roll back",
                        number,
                        "Version %d serves again, and later ones wait until somebody promotes one.".formatted(number))
                : Decision.of(
                        "promote",
                        "Promote",
                        number,
                        "Version %d serves at once, and the gate decides about later ones.".formatted(number));
        return List.of(change, pin);
    }
}
