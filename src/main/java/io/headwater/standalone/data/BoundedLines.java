package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text one by one with bounded memory: only the beginning of an overlong line is kept. */
final class BoundedLines {
    /** Maximum length of a line in characters. */
    static final int MAX_LENGTH = 1 << 20;

    private final BufferedReader reader;
    private int number;
    private boolean afterCarriageReturn;

    BoundedLines(Reader reader) {
        this.reader = new BufferedReader(reader, 1 << 16);
    }

    /**
     * A line without its terminator, which is a line feed, a carriage return, or both.
     *
     * @param number line number, from 1
     * @param isWhole whether the line is complete, that is, not overlong
     */
    record Line(int number, String text, boolean isWhole) {}

    /** Reads the next line; returns null at the end of the text. */
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
