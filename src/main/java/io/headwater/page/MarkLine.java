package io.headwater.page;

import io.headwater.board.Mark;
import io.headwater.board.chart.Figures;
import java.time.Instant;
import java.util.Locale;

/** Something that happened, as it is shown. */
record MarkLine(String kind, String word, String ago, String at, String version, String text) {
    static MarkLine of(Mark mark, Instant now) {
        return new MarkLine(
                mark.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                Figures.word(mark.kind()),
                Words.ago(mark.at(), now),
                Figures.time(mark.at()),
                mark.version() == 0 ? "" : Long.toString(mark.version()),
                mark.text());
    }
}
