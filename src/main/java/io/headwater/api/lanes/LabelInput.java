package io.headwater.api.lanes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headwater.api.http.JsonBodies;
import io.headwater.api.http.NumberArrays;
import io.headwater.api.http.Problem;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Limits;
import io.headwater.domain.Rejection;
import io.headwater.domain.Rejection.Reason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads labels that are JSON, in the form that the predictions of the task have. */
final class LabelInput {
    private final TaskKind task;
    private @Nullable Label label;
    private Instant observedAt = Instant.EPOCH;

    private LabelInput(TaskKind task) {
        this.task = task;
    }

    /**
     * What a caller says of a request.
     *
     * @param observedAt when the label was observed; the epoch when the caller does not say it
     */
    record Observed(Label label, Instant observedAt) {}

    static Observed read(TaskKind task, byte[] body) {
        return JsonBodies.object(body, 0, body.length, new LabelInput(task)::object);
    }

    private Observed object(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "label" -> label = label(parser);
                case "observedAt" -> observedAt = time(JsonBodies.string(parser, field));
                default ->
                    throw Problem.malformed("a label has no field '%s'; its fields are label and observedAt"
                                    .formatted(field.substring(0, Math.min(40, field.length()))))
                            .raised();
            }
        }
        Label given = label;
        if (given == null) {
            throw Problem.malformed("field 'label' is missing").raised();
        }
        return new Observed(given, observedAt);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw Problem.malformed("observedAt must be a time such as 2026-11-29T10:00:00Z, but is '%s'"
                            .formatted(text.substring(0, Math.min(40, text.length()))))
                    .raised();
        }
    }

    private Label label(JsonParser parser) throws IOException {
        return switch (task) {
            case TEXT_CLASSIFICATION, IMAGE_CLASSIFICATION, TENSOR_CLASSIFICATION, AUDIO_CLASSIFICATION ->
                new Label.ClassLabel(JsonBodies.string(parser, "label"));
            case AUTOMATIC_SPEECH_RECOGNITION -> new Label.Transcript(JsonBodies.string(parser, "label"));
            case MULTI_LABEL_CLASSIFICATION -> new Label.MultiLabel(names(parser));
            case TOKEN_CLASSIFICATION -> tags(parser);
            case QUESTION_ANSWERING -> span(parser);
            case REGRESSION ->
                new Label.Values(NumberArrays.read(parser, "label").values());
            case REINFORCEMENT_LEARNING ->
                throw Problem.of(new Rejection(
                                Reason.WRONG_KIND, "transitions have no labels that come later; send them as samples"))
                        .raised();
        };
    }

    private static Set<String> names(JsonParser parser) throws IOException {
        Set<String> names = new TreeSet<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.VALUE_STRING && names.size() < Limits.NAMES) {
                names.add(parser.getText());
            }
        }
        return ended(parser, names, "at most %d strings".formatted(Limits.NAMES));
    }

    private static Label tags(JsonParser parser) throws IOException {
        List<String> tokens = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() == JsonToken.START_OBJECT && tags.size() < Limits.NAMES) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String field = parser.currentName();
                    parser.nextToken();
                    if (field.equals("token")) {
                        tokens.add(JsonBodies.string(parser, field));
                    } else if (field.equals("tag")) {
                        tags.add(JsonBodies.string(parser, field));
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
        return ended(
                parser,
                new Label.TokenTags(tokens, tags),
                "at most %d objects with token and tag".formatted(Limits.NAMES));
    }

    private static <T> T ended(JsonParser parser, T value, String of) {
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw Problem.malformed("field 'label' must be an array of " + of).raised();
        }
        return value;
    }

    private static Label span(JsonParser parser) throws IOException {
        int start = -1;
        String text = null;
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("start")
                        && parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() == JsonParser.NumberType.INT) {
                    start = parser.getIntValue();
                } else if (field.equals("text")) {
                    text = JsonBodies.string(parser, field);
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (text == null) {
            throw Problem.malformed("field 'label' must be an object with start and text")
                    .raised();
        }
        return new Label.AnswerSpan(start, text);
    }
}
