package io.headwater.page;

import io.headwater.board.InputKind;
import io.headwater.board.MistakeRow;
import io.headwater.board.chart.Figures;
import io.headwater.domain.Lane;
import io.headwater.manage.ManagePaths;
import io.headwater.manage.ReadMistake;
import java.time.Instant;

/**
 * A mistake, as it is shown.
 *
 * @param input path of its input, which is an image or a recording
 */
record MistakeLine(
        boolean isThere,
        boolean isImage,
        boolean isSound,
        String text,
        String input,
        String sample,
        String predicted,
        String expected,
        String probability,
        long version,
        String ago,
        String at) {
    static MistakeLine of(ReadMistake read, Lane lane, Instant now) {
        MistakeRow mistake = read.mistake();
        return new MistakeLine(
                read.isThere(),
                read.kind() == InputKind.IMAGE,
                read.kind() == InputKind.SOUND,
                read.text(),
                ManagePaths.mistakeInput(lane, mistake.offset()),
                read.sample(),
                mistake.predicted(),
                mistake.expected(),
                Figures.percent(mistake.confidence()),
                mistake.version(),
                Words.ago(mistake.at(), now),
                Figures.time(mistake.at()));
    }
}
