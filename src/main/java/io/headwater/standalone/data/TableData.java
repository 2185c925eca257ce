package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.Rows.Bad;
import io.headwater.standalone.data.Rows.Cells;
import io.headwater.standalone.data.Rows.Good;
import io.headwater.standalone.data.Rows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reads tables: tab-separated lines, {@code .csv} (RFC 4180), {@code .jsonl} or {@code .ndjson} (one object per line).
 * With default columns a tab-separated line is a label, a tab and the input.
 */
final class TableData {
    private final Path folder;
    private final TaskKind task;
    private final Columns columns;

    private TableData(Path folder, TaskKind task, Columns columns) {
        this.folder = folder;
        this.task = task;
        this.columns = columns;
    }

    /** Reads the table in {@code path}. */
    static Dataset read(Path path, TaskKind task, Columns columns) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        try (InputStream in = Files.newInputStream(path)) {
            return new TableData(folder == null ? path : folder, task, columns)
                    .read(path.toString(), String.valueOf(path.getFileName()), in);
        }
    }

    /** Reads the {@code label<TAB>text} lines of {@code in}. */
    static Dataset texts(String name, InputStream in) throws IOException {
        return new TableData(Path.of(""), TaskKind.TEXT_CLASSIFICATION, Columns.of(Reads.TEXT)).read(name, name, in);
    }

    /**
     * Reads the table.
     *
     * @param path the file as messages about all of it name it
     * @param name its name, as messages about a row name it
     */
    private Dataset read(String path, String name, InputStream in) throws IOException {
        Found found = new Found(name);
        BoundedLines lines = new BoundedLines(Utf8.reader(in));
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isJson = lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
        boolean isCsv = lower.endsWith(".csv");
        Rows rows = isJson ? new JsonRows(lines) : new DelimitedRows(path, lines, isCsv, columns);
        boolean isNamed = isJson || columns.haveHeader();
        boolean isPlain = !isJson && !isCsv && columns.areDefault();
        for (Row row = rows.next(); row != null; row = rows.next()) {
            String place = name + ":" + row.line();
            if (row instanceof Bad bad) {
                found.fault(place + ": " + bad.rule());
            } else if (row instanceof Good good) {
                try {
                    if (isPlain) {
                        requirePlain(good.cells());
                    }
                    add(found, place, good.cells(), isNamed);
                } catch (IllegalArgumentException e) {
                    found.fault(place + ": " + e.getMessage());
                }
            }
        }
        return found.dataset();
    }

    private void add(Found found, String place, Cells cells, boolean isNamed) {
        Label label = TableLabels.of(task, cells.get(columns.labelColumn(isNamed)));
        if (columns.reads() == Reads.NUMBERS) {
            found.add(place, label, numbers(cells, isNamed));
            return;
        }
        JsonNode input = cells.get(columns.inputColumn(isNamed));
        if (columns.reads() == Reads.IMAGE) {
            found.add(place, label, image(TableLabels.text("image path", input)));
        } else {
            found.add(place, label, text(cells, input));
        }
    }

    /** Refuses a line that is not a label, a tab, and the rest. */
    private void requirePlain(Cells cells) {
        String rule = "a line must be label<TAB>%s, but has no label before a tab"
                .formatted(
                        columns.reads() == Reads.IMAGE
                                ? "image path"
                                : columns.reads().column());
        try {
            cells.get("2");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule, e);
        }
        if (task != TaskKind.MULTI_LABEL_CLASSIFICATION
                && cells.get("1").textValue().isEmpty()) {
            throw new IllegalArgumentException(rule);
        }
    }

    private Payload text(Cells cells, JsonNode input) {
        String first = TableLabels.text("text", input);
        String pair = columns.pair();
        return pair == null
                ? new Payload.Text(first)
                : new Payload.TextPair(first, TableLabels.text("text", cells.get(pair)));
    }

    private Payload numbers(Cells cells, boolean isNamed) {
        if (columns.mayBeTheRest() && cells.lacks(Reads.NUMBERS.column())) {
            return numbers(cells.without(columns.labelColumn(isNamed)));
        }
        List<String> inputs = columns.inputs();
        return inputs.size() > 1
                ? numbers(inputs.stream().map(cells::get).toList())
                : numbers(cells.get(columns.inputColumn(isNamed)));
    }

    /** Returns the numbers of several columns, in this order. */
    private static Payload numbers(List<JsonNode> inputs) {
        List<String> texts = inputs.stream().map(JsonNode::asText).toList();
        long empty = texts.stream().filter(String::isBlank).count();
        if (texts.size() > 1 && empty > 0) {
            throw new IllegalArgumentException("each column of numbers must have one, but %d of %d %s empty"
                    .formatted(empty, texts.size(), empty == 1 ? "is" : "are"));
        }
        return TensorData.parse(String.join(" ", texts));
    }

    private static Payload numbers(JsonNode input) {
        if (input.isTextual()) {
            return TensorData.parse(input.textValue());
        }
        float[] values = TableLabels.numbers(input);
        return new Payload.Tensor(List.of(values.length), values);
    }

    private Supplier<Payload> image(String written) {
        try {
            Path relative = Path.of(written).normalize();
            // A table from an untrusted source must not cause local files outside its own folder to be sent.
            if (written.isBlank() || relative.isAbsolute() || relative.startsWith("..")) {
                throw new IllegalArgumentException(
                        "an image must lie in the folder of the table or below, but is '" + Json.shown(written) + "'");
            }
            Path file = folder.resolve(relative);
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException(
                        "an image must be a file, but '" + Json.shown(written) + "' is none");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw new IllegalArgumentException("an image must lie in the folder of the table or below, but '"
                        + Json.shown(written) + "' is a link to another place");
            }
            if (!ClassFolders.isImageOrSound(written, DataFiles.onDisk(file))) {
                throw new IllegalArgumentException(
                        ClassFolders.MUST_BE + ", but '" + Json.shown(written) + "' is neither");
            }
            if (Files.size(file) > ClassFolders.MAX_BYTES) {
                throw new IllegalArgumentException("an image must have at most %d bytes, but '%s' has more"
                        .formatted(ClassFolders.MAX_BYTES, Json.shown(written)));
            }
            return () -> ClassFolders.payload(file);
        } catch (InvalidPathException | IOException e) {
            throw new IllegalArgumentException(
                    "an image must be a file, but '" + Json.shown(written) + "' cannot be read", e);
        }
    }
}
