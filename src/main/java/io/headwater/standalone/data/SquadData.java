package io.headwater.standalone.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions, contexts and answers in the JSON format of SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016 and 2018), one
 * paragraph at a time. The start of an answer counts code points of the context. Every answer must occur at its stated
 * position; the first one becomes the label.
 */
final class SquadData {
    private final String name;
    private final Found found;
    private final PartReader text;

    private SquadData(String name, PartReader text) {
        this.name = name;
        this.found = new Found(name);
        this.text = text;
    }

    static Dataset read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path);
                PartReader text = new PartReader(Utf8.reader(in));
                JsonParser parser = Json.MAPPER.createParser(text)) {
            SquadData data = new SquadData(String.valueOf(path.getFileName()), text);
            data.read(parser);
            return data.found.dataset();
        }
    }

    /** Reads the file. If it is truncated, the questions before the end are kept. */
    private void read(JsonParser parser) throws IOException {
        try {
            boolean hasData = false;
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                    parser.nextToken();
                    if (field.equals("data")) {
                        hasData = true;
                        articles(parser);
                    } else {
                        parser.skipChildren();
                    }
                }
                parser.nextToken();
            }
            if (!hasData) {
                found.fault(name + ": a file of questions must be a JSON object with 'data', but is not");
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            found.fault(
                    "%s:%d: a file of questions must be JSON with texts of at most %d characters, but is not: %s; nothing behind this is read"
                            .formatted(name, line, BoundedLines.MAX_LENGTH, Json.reason(e)));
        } catch (PartReader.TooLongException e) {
            found.fault(
                    "%s: a paragraph with its questions must have at most %d characters, but one has more; nothing behind this is read"
                            .formatted(name, PartReader.MAX_LENGTH));
        }
    }

    private void articles(JsonParser parser) throws IOException {
        if (!begins(parser, JsonToken.START_ARRAY, "data", "an array")) {
            return;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            String place = "data[" + i + "]";
            if (begins(parser, JsonToken.START_OBJECT, place, "an object")) {
                for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                    parser.nextToken();
                    if (field.equals("paragraphs")) {
                        paragraphs(parser, place + ".paragraphs");
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
    }

    private void paragraphs(JsonParser parser, String place) throws IOException {
        if (!begins(parser, JsonToken.START_ARRAY, place, "an array")) {
            return;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            text.begin();
            JsonNode paragraph = parser.readValueAsTree();
            text.end();
            paragraph(place + "[" + i + "]", paragraph);
        }
    }

    /** Returns whether the parser is at the expected token; any other value is reported and skipped. */
    private boolean begins(JsonParser parser, JsonToken token, String place, String what) throws IOException {
        if (parser.currentToken() == token) {
            return true;
        }
        found.fault("%s:%s: must be %s, but is not".formatted(name, place, what));
        parser.skipChildren();
        return false;
    }

    private void paragraph(String place, JsonNode paragraph) {
        String context = paragraph.path("context").textValue();
        JsonNode questions = paragraph.path("qas");
        if (context == null || !questions.isArray()) {
            found.fault("%s:%s: a paragraph must have a text 'context' and an array 'qas', but has not"
                    .formatted(name, place));
            return;
        }
        Passage passage = Passage.of(context);
        // The questions of a paragraph share its context, whose size is added to that of the first.
        long shared = HeldMemory.size(context);
        for (int i = 0; i < questions.size(); i++) {
            String where = "%s:%s.qas[%d]".formatted(name, place, i);
            try {
                add(where, passage, questions.get(i), shared);
                shared = 0;
            } catch (IllegalArgumentException e) {
                String id = questions.get(i).path("id").textValue();
                found.fault(where + (id == null ? "" : " (id " + Json.shown(id) + ")") + ": " + e.getMessage());
            }
        }
    }

    private void add(String id, Passage passage, JsonNode asked, long shared) {
        String question = asked.path("question").textValue();
        if (question == null) {
            throw new IllegalArgumentException("a question must have a text 'question', but has none");
        }
        JsonNode answers = asked.path("answers");
        boolean isImpossible = asked.path("is_impossible").asBoolean();
        if (!answers.isMissingNode() && !answers.isArray() || answers.isMissingNode() && !isImpossible) {
            throw new IllegalArgumentException("a question must have an array 'answers', empty where there is none");
        }
        if (isImpossible && !answers.isEmpty()) {
            throw new IllegalArgumentException("a question with 'is_impossible' must have no answers, but has some");
        }
        Label.@Nullable AnswerSpan first = null;
        for (JsonNode answer : answers) {
            Label.AnswerSpan span = span(passage, answer);
            first = first == null ? span : first;
        }
        Label label = first == null ? new Label.AnswerSpan(-1, "") : first;
        found.add(
                id,
                label,
                new Payload.TextPair(question, passage.text()),
                HeldMemory.size(id, label) + HeldMemory.size(question) + shared);
    }

    private static Label.AnswerSpan span(Passage passage, JsonNode answer) {
        String text = answer.path("text").textValue();
        JsonNode start = answer.path("answer_start");
        if (text == null || text.isEmpty() || !start.canConvertToInt() || !start.isIntegralNumber()) {
            throw new IllegalArgumentException(
                    "an answer must have a text 'text' and a whole number 'answer_start', but is '"
                            + Json.shown(answer.toString()) + "'");
        }
        int at = start.intValue();
        if (at < 0 || at > passage.points() || !passage.text().startsWith(text, passage.index(at))) {
            throw new IllegalArgumentException(
                    "an answer must be in its context at code point 'answer_start', but '%s' is not at %d"
                            .formatted(Json.shown(text), at));
        }
        return new Label.AnswerSpan(at, text);
    }

    /**
     * A text in which code points are found without counting them for each answer.
     *
     * @param text the text
     * @param begins index of each code point and of the end; null when each is one {@code char}
     */
    private record Passage(String text, int @Nullable [] begins) {
        static Passage of(String text) {
            int points = text.codePointCount(0, text.length());
            if (points == text.length()) {
                return new Passage(text, null);
            }
            int[] begins = new int[points + 1];
            for (int i = 0; i < points; i++) {
                begins[i + 1] = text.offsetByCodePoints(begins[i], 1);
            }
            return new Passage(text, begins);
        }

        int points() {
            return begins == null ? text.length() : begins.length - 1;
        }

        /** Returns the index of a code point, or of the end. */
        int index(int point) {
            return begins == null ? point : begins[point];
        }
    }
}
