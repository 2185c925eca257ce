package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What the cells of a table mean as labels. */
final class TableLabels {
    private static final String BETWEEN = "\\|";

    private TableLabels() {}

    /**
     * The label that {@code cell} is for {@code task}.
     *
     * @throws IllegalArgumentException when it is none; the message says the rule and the value
     */
    static Label of(TaskKind task, JsonNode cell) {
        return switch (task) {
            case MULTI_LABEL_CLASSIFICATION -> many(cell);
            case REGRESSION -> new Label.Values(values(cell));
            case AUTOMATIC_SPEECH_RECOGNITION -> transcript(cell);
            default -> new Label.ClassLabel(name(cell));
        };
    }

    /**
     * A text, or a number or truth value as it is written.
     *
     * @param what it is called in a message
     */
    static String text(String what, JsonNode cell) {
        if (!cell.isTextual() && !cell.isNumber() && !cell.isBoolean()) {
            throw new IllegalArgumentException(what + " must be a text, but is '" + Json.shown(cell.toString()) + "'");
        }
        return cell.asText();
    }

    private static String name(JsonNode cell) {
        String name = text("label", cell);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("label must not be empty, but is");
        }
        return name;
    }

    private static Label transcript(JsonNode cell) {
        String transcript = text("transcript", cell);
        if (transcript.isBlank()) {
            throw new IllegalArgumentException("transcript must say something, but is empty");
        }
        return new Label.Transcript(transcript);
    }

    /** TableLabels between bars, or an array of them; none at all may be. */
    private static Label many(JsonNode cell) {
        Set<String> names = new HashSet<>();
        if (cell.isArray() || isArray(cell)) {
            for (JsonNode one : array("labels", cell)) {
                names.add(name(one));
            }
        } else if (!text("labels", cell).isBlank()) {
            for (String one : text("labels", cell).split(BETWEEN, -1)) {
                if (one.isBlank()) {
                    throw new IllegalArgumentException(
                            "labels must stand between bars, but one is blank in '" + Json.shown(cell.asText()) + "'");
                }
                names.add(one.strip());
            }
        }
        return new Label.MultiLabel(names);
    }

    private static float[] values(JsonNode cell) {
        float[] values = cell.isTextual() && !isArray(cell)
                ? TensorData.parse(cell.textValue()).values()
                : numbers(array("label", cell));
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "label must be finite numbers, but is " + Json.shown(Arrays.toString(values)));
            }
        }
        return values;
    }

    /** A number or an array of numbers. */
    static float[] numbers(JsonNode cell) {
        if (cell.isNumber()) {
            return new float[] {cell.floatValue()};
        }
        if (!cell.isArray()) {
            throw new IllegalArgumentException(
                    "numbers must be a number or an array of them, but are '" + Json.shown(cell.toString()) + "'");
        }
        float[] values = new float[cell.size()];
        for (int i = 0; i < values.length; i++) {
            if (!cell.get(i).isNumber()) {
                throw new IllegalArgumentException("numbers must be an array of numbers, but number " + i + " is '"
                        + Json.shown(cell.get(i).toString()) + "'");
            }
            values[i] = cell.get(i).floatValue();
        }
        return values;
    }

    private static boolean isArray(JsonNode cell) {
        return cell.isTextual() && cell.textValue().stripLeading().startsWith("[");
    }

    /** An array that is written as JSON within a text, or the cell itself. */
    private static JsonNode array(String what, JsonNode cell) {
        return cell.isTextual() ? Json.parse(what, cell.textValue()) : cell;
    }
}
