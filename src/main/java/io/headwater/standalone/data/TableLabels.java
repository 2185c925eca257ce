package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Converts the cells of a table to labels. */
final class TableLabels {
    private static final String BETWEEN = "\\|";

    private TableLabels() {}

    /**
     * Converts {@code cell} to a label for {@code task}.
     *
     * @throws IllegalArgumentException if the cell is not a label; the message states the rule and the value
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
     * Returns a string cell, or a number or boolean as it is written.
     *
     * @param what name of the value in error messages
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

    /** Parses several labels, separated by bars or given as an array; there may be none. */
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

    /** Parses a number or an array of numbers. */
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

    /** Returns the array that a string cell holds as JSON, or the cell itself. */
    private static JsonNode array(String what, JsonNode cell) {
        return cell.isTextual() ? Json.parse(what, cell.textValue()) : cell;
    }
}
