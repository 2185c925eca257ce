package io.headwater.standalone.data;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a table of data holds what. A column is a name of the header line (in JSON Lines a key of each object), or a number
 * from 1. As soon as one is given by name, the first line is a header.
 *
 * @param reads what the input column holds
 * @param input text, numbers or image path; null for column {@code text}, {@code numbers} or {@code image} under a header,
 *     else the second
 * @param pair the second text of a pair; null for none
 * @param label null for column {@code label} under a header, else the first
 */
public record Columns(
        Reads reads,
        @Nullable String input,
        @Nullable String pair,
        @Nullable String label) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    public Columns {
        Stream.of(input, pair, label)
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

    /** The columns that need not be named. */
    public static Columns of(Reads reads) {
        return new Columns(reads, null, null, null);
    }

    /** Whether none is given. */
    boolean areDefault() {
        return input == null && pair == null && label == null;
    }

    /** Whether the first line of a table names its columns. */
    boolean haveHeader() {
        return Stream.of(input, pair, label).anyMatch(column -> column != null && position(column) < 0);
    }

    /** The column of the input. */
    String inputColumn(boolean named) {
        return input != null ? input : named ? reads.column() : "2";
    }

    /** The column of the label. */
    String labelColumn(boolean named) {
        return label != null ? label : named ? "label" : "1";
    }

    /** The number of a column that is given by number, from 1; -1 for a name. */
    static int position(String column) {
        return NUMBER.matcher(column).matches() ? Integer.parseInt(column) : -1;
    }
}
