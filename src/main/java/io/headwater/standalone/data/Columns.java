package io.headwater.standalone.data;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a data table. A column is given by its name in the header line (in JSON Lines, a key of each object)
 * or by its number, from 1. If any column is given by name, the first line is a header.
 *
 * @param reads content of the input column
 * @param input column of the text, numbers or image path, or several columns of numbers with commas between them; null means
 *     column {@code text}, {@code numbers} or {@code image} if there is a header, else the second column. In a delimited table,
 *     numbers are in all columns but that of the label if there is no column {@code numbers}
 * @param pair column of the second text of a pair; null if there are no pairs
 * @param label column of the label; null means column {@code label} if there is a header, else the first column
 */
public record Columns(
        Reads reads,
        @Nullable String input,
        @Nullable String pair,
        @Nullable String label) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    public Columns {
        Stream.concat(Stream.of(input, pair, label), split(reads, input).stream())
                .filter(column -> column != null && (column.isEmpty() || position(column) == 0))
                .findFirst()
                .ifPresent(column -> {
                    throw new IllegalArgumentException(
                            "a column must be a name or a number from 1, but is '" + column + "'; correct it");
                });
        if (pair != null && reads != Reads.TEXT) {
            throw new IllegalArgumentException("a second text needs a first one, but '" + pair + "' stands beside "
                    + reads.column() + "; leave it out");
        }
    }

    /** Returns the default columns. */
    public static Columns of(Reads reads) {
        return new Columns(reads, null, null, null);
    }

    /** Returns whether no column is given. */
    boolean areDefault() {
        return input == null && pair == null && label == null;
    }

    /** Returns whether the first line of a table names its columns. */
    boolean haveHeader() {
        return Stream.concat(inputs().stream(), Stream.of(pair, label))
                .anyMatch(column -> column != null && position(column) < 0);
    }

    /** Returns the columns of the input that are given, of which only numbers may have several. */
    List<String> inputs() {
        return split(reads, input);
    }

    private static List<String> split(Reads reads, @Nullable String input) {
        if (input == null) {
            return List.of();
        }
        return reads == Reads.NUMBERS
                ? Stream.of(input.split(",", -1)).map(String::strip).toList()
                : List.of(input);
    }

    /** Returns whether the numbers of a row are in all columns but that of the label, unless one is called so. */
    boolean mayBeTheRest() {
        return reads == Reads.NUMBERS && input == null;
    }

    /** Returns the column of the input, of which there is one. */
    String inputColumn(boolean named) {
        return input != null ? input : named ? reads.column() : "2";
    }

    /** Returns the column of the label. */
    String labelColumn(boolean named) {
        return label != null ? label : named ? "label" : "1";
    }

    /** Returns the number of a column that is given by number, from 1, or -1 if it is given by name. */
    static int position(String column) {
        return NUMBER.matcher(column).matches() ? Integer.parseInt(column) : -1;
    }
}
