package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.headwater.standalone.data.BoundedLines.Line;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a delimited table. In comma-separated tables a quoted value may hold commas, doubled quotes and line
 * breaks (RFC 4180); in tab-separated tables quotes have no special meaning (IANA text/tab-separated-values).
 */
final class DelimitedRows implements Rows {
    private static final ObjectReader CSV =
            new CsvMapper().enable(CsvParser.Feature.WRAP_AS_ARRAY).readerFor(String[].class);

    private final String name;
    private final BoundedLines lines;
    private final boolean isCsv;
    private final int limit;
    private final Reads reads;
    private boolean mayBeHeader;
    private final List<String> header;

    /**
     * Creates the rows of {@code lines}.
     *
     * @param name the file, for error messages
     * @throws IllegalArgumentException if the table must have a header and it lacks a column
     */
    DelimitedRows(String name, BoundedLines lines, boolean isCsv, Columns columns) throws IOException {
        this.name = name;
        this.lines = lines;
        this.isCsv = isCsv;
        // With default columns a line is split at its first tab only, into the label and everything after it.
        this.limit = columns.areDefault() ? 2 : -1;
        this.mayBeHeader = columns.areDefault();
        this.reads = columns.reads();
        this.header = columns.haveHeader() ? header() : List.of();
        if (columns.haveHeader()) {
            List<String> inputs = columns.inputs();
            (inputs.isEmpty() && !columns.mayBeTheRest() ? List.of(columns.inputColumn(true)) : inputs)
                    .forEach(this::require);
            require(columns.labelColumn(true));
            String pair = columns.pair();
            if (pair != null) {
                require(pair);
            }
        }
    }

    private List<String> header() throws IOException {
        Row row = next(List::of);
        if (row instanceof Good good && good.cells() instanceof Texts texts) {
            return texts.values().stream().map(String::strip).toList();
        }
        throw new IllegalArgumentException("data '" + name + "' must begin with a line that names its columns, but "
                + (row instanceof Bad bad ? bad.rule() : "is empty") + "; add it or give columns by number");
    }

    private void require(String column) {
        if (Columns.position(column) < 0 && !header.contains(column)) {
            throw new IllegalArgumentException(
                    "data '%s' must have the column '%s' in its first line, but has %s; name another"
                            .formatted(name, Json.shown(column), Json.shown(header.toString())));
        }
    }

    private record Texts(List<String> values, List<String> header) implements Cells {
        @Override
        public JsonNode get(String column) {
            int position = position(column);
            if (position < 1 || position > values.size()) {
                throw new IllegalArgumentException("a row must have a value in column '%s', but has %d columns"
                        .formatted(Json.shown(column), values.size()));
            }
            return TextNode.valueOf(values.get(position - 1));
        }

        private int position(String column) {
            return Columns.position(column) < 0 ? header.indexOf(column) + 1 : Columns.position(column);
        }

        @Override
        public boolean lacks(String column) {
            return !header.contains(column);
        }

        @Override
        public List<JsonNode> without(String column) {
            int left = position(column);
            return IntStream.rangeClosed(1, values.size())
                    .filter(position -> position != left)
                    .<JsonNode>mapToObj(position -> TextNode.valueOf(values.get(position - 1)))
                    .toList();
        }
    }

    /** Supplies the column names once the header has been read. */
    private interface Names {
        List<String> get();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the first row looks like the names of the columns, although none is given: its
     *     words would be learned as a label and a text
     */
    @Override
    public @Nullable Row next() throws IOException {
        Row row = next(() -> header);
        if (mayBeHeader && row instanceof Good good && good.cells() instanceof Texts texts) {
            List<String> values = texts.values().stream()
                    .flatMap(value -> Stream.of(value.split("\t", -1)))
                    .toList();
            if (reads == Reads.NUMBERS ? values.size() > 1 && areNames(values) : HeaderWords.areIn(values)) {
                throw new IllegalArgumentException(
                        "data '%s' must begin with a row, but line %d looks like the names of the columns, %s; %s"
                                .formatted(name, row.line(), Json.shown(values.toString()), naming()));
            }
        }
        mayBeHeader = false;
        return row;
    }

    /** Returns whether all values begin with a letter, as no number does that is finite. */
    private static boolean areNames(List<String> values) {
        return values.stream()
                .allMatch(value -> !value.isBlank()
                        && Character.isLetter(value.strip().codePointAt(0))
                        && TensorData.haveNone(List.of(value)));
    }

    private String naming() {
        return reads == Reads.NUMBERS
                ? "name that of the label, as in --label label, and those of the numbers unless they are all others, as in --text a,b,c"
                : "name those to read, as in --label label --text text (--image for files), or give them by number if it is a row: --label 1 --text 2";
    }

    private @Nullable Row next(Names names) throws IOException {
        Line line = lines.next();
        while (line != null && line.isWhole() && line.text().isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        int number = line.number();
        if (!line.isWhole()) {
            return new Bad(
                    number, "a line must have at most %d characters, but has more".formatted(BoundedLines.MAX_LENGTH));
        }
        if (!isCsv) {
            return new Good(number, new Texts(List.of(line.text().split("\t", limit)), names.get()));
        }
        StringBuilder row = new StringBuilder(line.text());
        boolean open = isOpen(line.text(), false);
        while (open) {
            line = lines.next();
            if (line == null || !line.isWhole() || row.length() + line.text().length() >= BoundedLines.MAX_LENGTH) {
                return new Bad(
                        number,
                        "a value in quotes must end with a quote within %d characters, but does not%s"
                                .formatted(
                                        BoundedLines.MAX_LENGTH,
                                        line == null
                                                ? " before the file ends"
                                                : "; the lines up to " + line.number() + " are lost with it"));
            }
            row.append('\n').append(line.text());
            open = isOpen(line.text(), true);
        }
        return csv(number, row.toString(), names);
    }

    private static Row csv(int number, String row, Names names) {
        try (MappingIterator<String[]> rows = CSV.readValues(row)) {
            List<String> values = rows.hasNextValue() ? List.of(rows.nextValue()) : List.of("");
            return rows.hasNextValue()
                    ? new Bad(number, "a quote must be first and last of a value or twice within it, but is not")
                    : new Good(number, new Texts(values, names.get()));
        } catch (IOException e) {
            return new Bad(number, "a quote must be first and last of a value or twice within it, but is not");
        }
    }

    /** Returns whether a quoted value continues beyond the end of {@code line}. */
    private static boolean isOpen(String line, boolean isOpen) {
        boolean open = isOpen;
        boolean first = !isOpen;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (open) {
                if (c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                    i++;
                } else {
                    open = c != '"';
                }
            } else {
                open = c == '"' && first;
                first = c == ',';
            }
        }
        return open;
    }
}
