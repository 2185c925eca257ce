package io.headwater.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.standalone.BoundedLines.Line;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows of JSON Lines: an object a line. */
record JsonRows(BoundedLines lines) implements Rows {
    @Override
    public @Nullable Row next() throws IOException {
        Line line = lines.next();
        while (line != null && line.isWhole() && line.text().isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        if (!line.isWhole()) {
            return new Bad(
                    line.number(),
                    "a line must have at most %d characters, but has more".formatted(BoundedLines.MAX_LENGTH));
        }
        try {
            if (Json.parse("a line", line.text()) instanceof ObjectNode object) {
                return new Good(line.number(), column -> cell(object, column));
            }
            return new Bad(line.number(), "a line must be a JSON object, but is '" + Json.shown(line.text()) + "'");
        } catch (IllegalArgumentException e) {
            return new Bad(line.number(), String.valueOf(e.getMessage()));
        }
    }

    private static JsonNode cell(ObjectNode object, String column) {
        JsonNode cell = object.get(column);
        if (cell == null || cell.isNull()) {
            throw new IllegalArgumentException(
                    "a row must have a value under '%s', but has none".formatted(Json.shown(column)));
        }
        return cell;
    }
}
