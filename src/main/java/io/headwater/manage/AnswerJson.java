package io.headwater.manage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.board.ClassReport;
import io.headwater.board.InputKind;
import io.headwater.board.LaneStory;
import io.headwater.board.MistakeRow;
import io.headwater.domain.ClassAnswers;
import io.headwater.domain.ClassAnswers.AnswerPair;
import io.headwater.domain.ClassAnswers.ConfidenceBin;
import io.headwater.domain.Lane;
import java.util.Locale;

/** Writes what served lanes answered as JSON. */
final class AnswerJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private AnswerJson() {}

    static ObjectNode of(LaneStory story) {
        ClassReport report = story.answers();
        ObjectNode json = JSON.objectNode()
                .put("lane", story.lane().lane().key())
                .put("samples", report.samples())
                .put("calibrationError", report.calibrationError());
        json.set("pairs", LaneJson.array(report.pairs(), AnswerJson::of));
        json.put("others", report.others());
        json.set("bins", LaneJson.array(report.bins(), AnswerJson::of));
        return json;
    }

    private static ObjectNode of(AnswerPair pair) {
        return JSON.objectNode()
                .put("expected", pair.expected())
                .put("predicted", pair.predicted())
                .put("samples", pair.samples());
    }

    private static ObjectNode of(ConfidenceBin bin) {
        return JSON.objectNode()
                .put("above", (double) bin.tenth() / ClassAnswers.TENTHS)
                .put("upTo", (bin.tenth() + 1.0) / ClassAnswers.TENTHS)
                .put("samples", bin.samples())
                .put("right", bin.right())
                .put("meanProbability", bin.confidence() / bin.samples());
    }

    static ObjectNode of(Lane lane, ReadMistake read) {
        MistakeRow mistake = read.mistake();
        boolean hasInput = read.isThere() && read.kind() != InputKind.NUMBERS;
        return JSON.objectNode()
                .put("at", mistake.at().toString())
                .put("version", mistake.version())
                .put("offset", mistake.offset())
                .put("expected", mistake.expected())
                .put("predicted", mistake.predicted())
                .put("probability", mistake.confidence())
                .put("sample", read.isThere() ? read.sample() : null)
                .put("kind", read.isThere() ? read.kind().name().toLowerCase(Locale.ROOT) : null)
                .put("text", read.isThere() ? read.text() : null)
                .put("input", hasInput ? ManagePaths.mistakeInput(lane, mistake.offset()) : null);
    }
}
