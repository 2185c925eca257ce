package io.headwater.cli.letters;

import io.headwater.board.DeadLetter;
import io.headwater.cli.console.LaneConverter;
import io.headwater.cli.console.TimeConverter;
import io.headwater.domain.Lane;
import io.headwater.domain.Rejection.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that select dead letters; without any of them, all letters are selected. */
final class LetterSelection {
    @Option(
            names = "--reason",
            paramLabel = "REASON",
            split = ",",
            converter = ReasonConverter.class,
            description = "Only letters with this reason, such as BAD_LABEL; several are separated by commas.")
    List<Reason> reasons = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Only letters since then: a time such as 2026-01-31T12:00:00Z, or how long ago, such as 90m, 12h"
                            + " or 7d.")
    @Nullable
    Instant since;

    @Option(
            names = "--lane",
            paramLabel = "ADAPTATION/DOMAIN",
            converter = LaneConverter.class,
            description = "Only letters of this lane.")
    @Nullable
    Lane lane;

    /** Returns whether a letter is selected. */
    boolean includes(DeadLetter letter) {
        return (reasons.isEmpty() || reasons.contains(letter.reason()))
                && (since == null || !letter.at().isBefore(since))
                && (lane == null || isOf(letter, lane));
    }

    /** Letters of former releases do not name their adaptation. */
    private static boolean isOf(DeadLetter letter, Lane lane) {
        return letter.domain().equals(lane.domain())
                && (letter.adaptation().isEmpty() || letter.adaptation().equals(lane.adaptation()));
    }

    /** Converts the name of a reason in any case. */
    static final class ReasonConverter implements ITypeConverter<Reason> {
        @Override
        public Reason convert(String text) {
            for (Reason reason : Reason.values()) {
                if (reason.name().equalsIgnoreCase(text.strip().replace('-', '_'))) {
                    return reason;
                }
            }
            throw new TypeConversionException("must be one of " + List.of(Reason.values()) + ", but is '" + text + "'");
        }
    }
}
