package io.headwater.page;

import io.headwater.board.DeadLetter;
import io.headwater.board.chart.Figures;
import java.time.Instant;

/** A dead letter as it is shown. */
record LetterLine(
        String id,
        String reason,
        String message,
        String adaptation,
        String domain,
        String ago,
        String at,
        String from,
        String bytes) {
    static LetterLine of(DeadLetter letter, Instant now) {
        return new LetterLine(
                letter.id(),
                letter.reason().name(),
                letter.message(),
                letter.adaptation(),
                letter.domain(),
                Words.ago(letter.at(), now),
                Figures.time(letter.at()),
                "%s-%d at %d".formatted(letter.topic(), letter.partition(), letter.offset()),
                Words.count(letter.bytes()));
    }
}
