package io.headwater.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table of data one by one. */
interface Rows {
    /** The next row; null at the end. */
    @Nullable
    Row next() throws IOException;

    /** A row, or why it cannot be used. */
    sealed interface Row {
        /** The line that it begins on, from 1. */
        int line();
    }

    /** A row that cannot be used. */
    record Bad(int line, String rule) implements Row {}

    /** A row of values. */
    record Good(int line, Cells cells) implements Row {}

    /** Its values. */
    interface Cells {
        /**
         * The value in {@code column}; of a delimited table a text, of JSON Lines anything but null.
         *
         * @throws IllegalArgumentException when there is none
         */
        JsonNode get(String column);
    }
}
