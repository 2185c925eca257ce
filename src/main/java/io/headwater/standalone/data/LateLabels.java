package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Limits;
import io.headwater.standalone.data.Rows.Bad;
import io.headwater.standalone.data.Rows.Cells;
import io.headwater.standalone.data.Rows.Good;
import io.headwater.standalone.data.Rows.Row;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Labels of requests in a file: a table with the columns {@code id}, {@code label} and {@code domain}, as {@code .csv}
 * (RFC 4180), {@code .jsonl} or {@code .ndjson}, or lines separated by tabs.
 *
 * @param labels the labels, in the order of the file; when they were observed is not known
 * @param faults why other rows cannot be used
 */
public record LateLabels(List<LateLabel> labels, Faults faults) {
    private static final String ID = "id";
    private static final String DOMAIN = "domain";
    private static final String LABEL = "label";

    public LateLabels {
        labels = List.copyOf(labels);
    }

    /**
     * Reads a file.
     *
     * @param task the task of the labels
     * @param domain the domain of all labels; null when each row names its own
     * @throws IllegalArgumentException if the file lacks a column, or has no usable row
     * @throws UncheckedIOException if it cannot be read
     */
    public static LateLabels open(Path path, TaskKind task, @Nullable String domain) {
        try (InputStream in = Files.newInputStream(path)) {
            LateLabels read = read(String.valueOf(path.getFileName()), in, task, domain);
            if (read.labels().isEmpty()) {
                throw new IllegalArgumentException(
                        "'%s' must hold labels of requests (rows of id, domain and label), but holds none%s"
                                .formatted(path, read.faults().reason()));
            }
            Found.requireRows(path.toString(), read.labels().size(), read.faults());
            return read;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("the labels '" + path + "' do not exist; name a file that does", e);
        } catch (CharConversionException e) {
            throw new IllegalArgumentException("the labels '" + path + "' " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the labels '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static LateLabels read(String name, InputStream in, TaskKind task, @Nullable String domain)
            throws IOException {
        String lower = name.toLowerCase(Locale.ROOT);
        BoundedLines lines = new BoundedLines(Utf8.reader(in));
        Rows rows = lower.endsWith(".jsonl") || lower.endsWith(".ndjson")
                ? new JsonRows(lines)
                : new DelimitedRows(name, lines, lower.endsWith(".csv"), new Columns(Reads.TEXT, ID, null, LABEL));
        List<LateLabel> labels = new ArrayList<>();
        Faults.Tally faults = new Faults.Tally();
        HeldMemory memory = HeldMemory.of(name);
        for (Row row = rows.next(); row != null; row = rows.next()) {
            String place = name + ":" + row.line() + ": ";
            if (row instanceof Bad bad) {
                faults.add(place + bad.rule());
            } else if (row instanceof Good good) {
                try {
                    LateLabel label = label(good.cells(), task, domain);
                    memory.add(HeldMemory.size(label.id(), label.label()) + HeldMemory.size(label.domain()));
                    labels.add(label);
                } catch (IllegalArgumentException e) {
                    faults.add(place + e.getMessage());
                }
            }
        }
        return new LateLabels(labels, faults.faults());
    }

    private static LateLabel label(Cells cells, TaskKind task, @Nullable String domain) {
        String id = TableLabels.text(ID, cells.get(ID));
        if (id.isEmpty() || id.length() > Limits.ID) {
            throw new IllegalArgumentException(
                    "id must be that of a request, 1 to %d characters, but has %d".formatted(Limits.ID, id.length()));
        }
        String of = domain != null ? domain : TableLabels.text(DOMAIN, cells.get(DOMAIN));
        if (!Lane.isDomain(of)) {
            throw new IllegalArgumentException(
                    "domain must be 1 to 200 characters without '/' and control characters, but is '%s'"
                            .formatted(Json.shown(of)));
        }
        return new LateLabel(id, of, label(task, cells.get(LABEL)), Instant.EPOCH);
    }

    /**
     * Returns the label that a person gives as text, in the form of {@code task}: a class; labels between bars; numbers; a
     * transcript; for tokens, JSON such as {@code {"tokens": ["in", "Rome"], "tags": ["O", "B-LOC"]}}; for an answer, JSON such
     * as {@code {"start": 4, "text": "Rome"}}.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static Label parse(TaskKind task, String text) {
        return label(task, TextNode.valueOf(text));
    }

    private static Label label(TaskKind task, JsonNode cell) {
        return switch (task) {
            case TOKEN_CLASSIFICATION -> tags(object(cell, "\"tokens\" and \"tags\""));
            case QUESTION_ANSWERING -> answer(object(cell, "\"start\" and \"text\""));
            case REINFORCEMENT_LEARNING ->
                throw new IllegalArgumentException(
                        "transitions are no labels of requests; send them with 'headwater produce --data'");
            default -> TableLabels.of(task, cell);
        };
    }

    private static JsonNode object(JsonNode cell, String keys) {
        JsonNode object = cell.isTextual() ? Json.parse("label", cell.textValue()) : cell;
        if (!object.isObject()) {
            throw new IllegalArgumentException(
                    "label must be a JSON object with %s, but is '%s'".formatted(keys, Json.shown(object.toString())));
        }
        return object;
    }

    private static Label tags(JsonNode object) {
        List<String> tokens = texts("tokens", object);
        List<String> tags = texts("tags", object);
        if (tokens.size() != tags.size()) {
            throw new IllegalArgumentException("label must have a tag for each token, but has %d tokens and %d tags"
                    .formatted(tokens.size(), tags.size()));
        }
        return new Label.TokenTags(tokens, tags);
    }

    private static List<String> texts(String key, JsonNode object) {
        JsonNode array = object.path(key);
        if (!array.isArray()) {
            throw new IllegalArgumentException(
                    "label must have an array '%s', but has '%s'".formatted(key, Json.shown(array.toString())));
        }
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(TableLabels.text(key, one)));
        return texts;
    }

    private static Label answer(JsonNode object) {
        JsonNode start = object.path("start");
        if (!start.isInt() || start.intValue() < -1) {
            throw new IllegalArgumentException(
                    "start of an answer must be an index of its text, or -1 for no answer, but is '%s'"
                            .formatted(Json.shown(start.toString())));
        }
        return new Label.AnswerSpan(start.intValue(), TableLabels.text("text", object.path("text")));
    }
}
