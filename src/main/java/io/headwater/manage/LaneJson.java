package io.headwater.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.api.http.Labels;
import io.headwater.board.CurvePoint;
import io.headwater.board.DeadLetter;
import io.headwater.board.InputKind;
import io.headwater.board.LaneStory;
import io.headwater.board.LaneView;
import io.headwater.board.Mark;
import io.headwater.board.OpenAsk;
import io.headwater.board.Reign;
import io.headwater.board.ScoreEstimate;
import io.headwater.board.VersionRow;
import io.headwater.domain.DriftSignal;
import io.headwater.domain.VersionRef;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what is known of lanes as JSON. */
final class LaneJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private LaneJson() {}

    /** Returns an array of what {@code write} makes of each element. */
    static <T> ArrayNode array(Collection<T> all, Function<T, ObjectNode> write) {
        ArrayNode array = JSON.arrayNode();
        all.forEach(one -> array.add(write.apply(one)));
        return array;
    }

    static ObjectNode of(LaneView lane) {
        ObjectNode json = JSON.objectNode()
                .put("lane", lane.lane().key())
                .put("state", word(lane.learning()))
                .put("since", lane.since().toString())
                .put("reason", lane.reason());
        json.set("serving", lane.serving() == null ? null : of(lane.serving()));
        json.put("newestVersion", lane.newest())
                .put("samples", lane.samples())
                .put(
                        "learnedAt",
                        lane.learnedAt() == null ? null : lane.learnedAt().toString());
        ScoreEstimate score = lane.score();
        json.set("score", score == null ? null : of(score));
        DriftSignal drift = lane.drift();
        json.set("drift", drift == null ? null : of(drift));
        return json.put("openAsks", lane.asks()).put("deadLetters", lane.letters());
    }

    static ObjectNode of(LaneStory story) {
        ObjectNode json = of(story.lane());
        ArrayNode labels = json.putArray("labels");
        story.labels().forEach(labels::add);
        ObjectNode contenders = json.putObject("contenders");
        story.contenders().forEach(contenders::put);
        return json.put("coverage", story.coverage());
    }

    private static ObjectNode of(ScoreEstimate score) {
        return JSON.objectNode()
                .put("metric", score.metric())
                .put("mean", score.mean())
                .put("low", score.low())
                .put("high", score.high())
                .put("samples", score.samples());
    }

    private static ObjectNode of(DriftSignal drift) {
        return JSON.objectNode()
                .put("level", word(drift.level()))
                .put("signal", drift.signal())
                .put("detector", drift.detector())
                .put("at", drift.at().toString());
    }

    private static ObjectNode of(VersionRef version) {
        return JSON.objectNode()
                .put("lane", version.lane().key())
                .put("version", version.number())
                .put("artifact", version.artifact().hex())
                .put("checkpoint", version.checkpoint().hex());
    }

    static ObjectNode of(VersionRow version) {
        ObjectNode json = of(version.ref());
        VersionRef parent = version.parent();
        json.set("parent", parent == null ? null : of(parent));
        return json.put("createdAt", version.createdAt().toString())
                .put("samples", version.samples())
                .put("totalSamples", version.totalSamples())
                .put("classes", version.classes())
                .put("forgotten", version.forgotten());
    }

    static ObjectNode of(CurvePoint point) {
        return JSON.objectNode()
                .put("at", point.at().toString())
                .put("samples", point.samples())
                .put("champion", orNull(point.champion()))
                .put("learner", orNull(point.learner()))
                .put("version", point.version() == 0 ? null : point.version());
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    static ObjectNode of(Reign reign) {
        ObjectNode json = JSON.objectNode().put("since", reign.since().toString());
        json.set("version", of(reign.version()));
        return json.put("decidedBy", word(reign.decidedBy())).put("reason", reign.reason());
    }

    static ObjectNode of(Mark mark) {
        return JSON.objectNode()
                .put("at", mark.at().toString())
                .put("kind", word(mark.kind()))
                .put("version", mark.version() == 0 ? null : mark.version())
                .put("text", mark.text());
    }

    static ObjectNode of(OpenAsk ask) {
        ObjectNode json = JSON.objectNode()
                .put("id", ask.id())
                .put("lane", ask.lane().key())
                .put("at", ask.at().toString())
                .put("text", ask.text())
                .put("score", ask.score())
                .put("strategy", ask.strategy())
                .put("probability", ask.probability())
                .put("kind", ask.kind().name().toLowerCase(Locale.ROOT))
                .put("input", ask.kind() == InputKind.NUMBERS ? null : ManagePaths.askInput(ask.lane(), ask.id()));
        json.set("prediction", Labels.json(ask.answer()));
        return json;
    }

    static ObjectNode of(DeadLetter letter) {
        return JSON.objectNode()
                .put("id", letter.id())
                .put("at", letter.at().toString())
                .put("reason", letter.reason().name())
                .put("message", letter.message())
                .put("adaptation", letter.adaptation())
                .put("domain", letter.domain())
                .put("topic", letter.topic())
                .put("partition", letter.partition())
                .put("offset", letter.offset())
                .put("bytes", letter.bytes())
                .put("replayOf", letter.replayed());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
