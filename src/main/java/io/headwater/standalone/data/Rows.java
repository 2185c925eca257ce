package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a data table one by one. */
interface Rows {
    /** Reads the next row; returns null at the end of the table. */
    @Nullable
    Row next() throws IOException;

    /** A row of values, or the reason why a row cannot be used. */
    sealed interface Row {
        /** Returns the line on which the row begins, from 1. */
        int line();
    }

    /** A row that cannot be used. */
    record Bad(int line, String rule) implements Row {}

    /** A row of values. */
    record Good(int line, Cells cells) implements Row {}

    /** The values of a row. */
    interface Cells {
        /**
         * Returns the value in {@code column}: a string in a delimited table, any non-null value in JSON Lines.
         *
         * @throws IllegalArgumentException if the row has no such value
         */
        JsonNode get(String column);

        /** Returns whether the columns have an order and none is called {@code column}. */
        boolean lacks(String column);

        /** Returns the values of all columns but one, in their order. */
        List<JsonNode> without(String column);
    }
}
