package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.standalone.data.BoundedLines.Line;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of a JSON Lines file: one object per line. */
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
        // Lines of another format are told apart without the parser, whose exceptions take a hundred times as long.
        if (!line.text().stripLeading().startsWith("{")) {
            return new Bad(line.number(), "a line must be a JSON object, but is '" + Json.shown(line.text()) + "'");
        }
        try {
            ObjectNode object = (ObjectNode) Json.parse("a line", line.text());
            return new Good(line.number(), new ObjectCells(object));
        } catch (IllegalArgumentException e) {
            return new Bad(line.number(), String.valueOf(e.getMessage()));
        }
    }

    /** The values of an object by their keys. */
    record ObjectCells(ObjectNode object) implements Cells {
        @Override
        public JsonNode get(String column) {
            return find(column)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "a row must have a value under '%s', but has none".formatted(Json.shown(column))));
        }

        /** Keys have no order. */
        @Override
        public boolean lacks(String column) {
            return false;
        }

        @Override
        public List<JsonNode> without(String column) {
            throw new UnsupportedOperationException("keys have no order");
        }

        /** Returns the value of the key {@code column}; empty if the key is absent or its value is null. */
        Optional<JsonNode> find(String column) {
            return Optional.ofNullable(object.get(column)).filter(cell -> !cell.isNull());
        }
    }
}
