package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of a text one by one, however long one may be: of one that is too long only the beginning is kept. */
final class BoundedLines {
    /** In characters. */
    static final int MAX_LENGTH = 1 << 20;

    private final BufferedReader reader;
    private int number;
    private boolean afterCarriageReturn;

    BoundedLines(Reader reader) {
        this.reader = new BufferedReader(reader, 1 << 16);
    }

    /**
     * A line without what ends it: line feed, carriage return, or both.
     *
     * @param number from 1
     * @param isWhole whether this is all of it
     */
    record Line(int number, String text, boolean isWhole) {}

    /** The next line; null at the end. */
    @Nullable
    Line next() throws IOException {
        StringBuilder text = new StringBuilder();
        boolean whole = true;
        int c = reader.read();
        if (afterCarriageReturn && c == '\n') {
            c = reader.read();
        }
        afterCarriageReturn = false;
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n' && c != '\r'; c = reader.read()) {
            if (text.length() < MAX_LENGTH) {
                text.append((char) c);
            } else {
                whole = false;
            }
        }
        afterCarriageReturn = c == '\r';
        return new Line(++number, text.toString(), whole);
    }
}
