package io.headwater.standalone.data;

import io.headwater.standalone.data.BoundedLines.Line;
import io.headwater.standalone.data.Rows.Bad;
import io.headwater.standalone.data.Rows.Good;
import io.headwater.standalone.data.Rows.Row;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Unlabelled texts.
 *
 * @param name name of the file
 * @param texts the texts in the order of the file, none blank
 * @param faults why the other rows cannot be used
 */
public record Corpus(String name, List<String> texts, Faults faults) {
    public Corpus {
        texts = List.copyOf(texts);
    }

    /**
     * Reads texts from {@code path}: one column of a table ({@code .tsv}, {@code .csv}, {@code .jsonl}, {@code
     * .ndjson}), or each line of any other file as a text.
     *
     * @param column the text column, a name or a number from 1; null means column {@code text} in JSON Lines and CSV,
     *     and the second column in tab-separated lines
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if the file is no text or has hardly any row with one, or lacks the column
     * @throws IllegalStateException if the texts would take more than a quarter of the memory
     */
    public static Corpus read(Path path, @Nullable String column) {
        try (InputStream in = Files.newInputStream(path)) {
            Reader reader = new Reader(String.valueOf(path.getFileName()));
            BoundedLines lines = new BoundedLines(Utf8.reader(in));
            String lower = reader.name.toLowerCase(Locale.ROOT);
            boolean isJson = lower.endsWith(".jsonl") || lower.endsWith(".ndjson");
            boolean isCsv = lower.endsWith(".csv");
            if (isJson || isCsv || lower.endsWith(".tsv")) {
                String wanted = column != null ? column : isJson || isCsv ? "text" : "2";
                reader.table(
                        isJson
                                ? new JsonRows(lines)
                                : new DelimitedRows(
                                        reader.name, lines, isCsv, new Columns(Reads.TEXT, wanted, null, wanted)),
                        wanted);
            } else if (column != null) {
                throw new IllegalArgumentException("a column must be one of a table, but data '" + path
                        + "' is read a text a line; leave it out, or name the file .tsv, .csv or .jsonl");
            } else {
                reader.lines(lines);
            }
            return reader.corpus();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("data '" + path + "' does not exist; name a file that does", e);
        } catch (CharConversionException e) {
            throw new IllegalArgumentException("data '" + path + "' " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("data '" + path + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Reader {
        private final String name;
        private final List<String> texts = new ArrayList<>();
        private final Faults.Tally faults = new Faults.Tally();
        private final HeldMemory memory;

        Reader(String name) {
            this.name = name;
            this.memory = HeldMemory.of(name);
        }

        void table(Rows rows, String column) throws IOException {
            for (Row row = rows.next(); row != null; row = rows.next()) {
                String place = name + ":" + row.line() + ": ";
                if (row instanceof Bad bad) {
                    faults.add(place + bad.rule());
                } else if (row instanceof Good good) {
                    try {
                        add(row.line(), TableLabels.text("text", good.cells().get(column)));
                    } catch (IllegalArgumentException e) {
                        faults.add(place + e.getMessage());
                    }
                }
            }
        }

        void lines(BoundedLines lines) throws IOException {
            for (Line line = lines.next(); line != null; line = lines.next()) {
                if (!line.isWhole()) {
                    faults.add("%s:%d: a line must have at most %d characters, but has more"
                            .formatted(name, line.number(), BoundedLines.MAX_LENGTH));
                } else if (!line.text().isBlank()) {
                    add(line.number(), line.text());
                }
            }
        }

        private void add(int line, String text) {
            if (text.isBlank()) {
                faults.add(name + ":" + line + ": a text must not be blank");
                return;
            }
            memory.add(HeldMemory.size(text));
            texts.add(text);
        }

        Corpus corpus() {
            Faults all = faults.faults();
            if (texts.isEmpty()) {
                throw new IllegalArgumentException(
                        "data '%s' must hold texts, but holds none%s".formatted(name, all.reason()));
            }
            Found.requireRows(name, texts.size(), all);
            return new Corpus(name, texts, all);
        }
    }
}
