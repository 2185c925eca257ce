package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text one by one with bounded memory: only the beginning of an overlong line is kept. */
final class BoundedLines {
    /** Maximum length of a line in characters. */
    static final int MAX_LENGTH = 1 << 20;
    /** Length of a line behind which no further one is expected, such as that of a device or a pipe that never ends. */
    private static final int ENDLESS = 1 << 30;

    private final BufferedReader reader;
    private final int endless;
    private int number;
    private boolean afterCarriageReturn;

    BoundedLines(Reader reader) {
        this(reader, ENDLESS);
    }

    /**
     * Reads lines.
     *
     * @param endless the number of characters after which a line is taken to have no end
     */
    BoundedLines(Reader reader, int endless) {
        this.reader = new BufferedReader(reader, 1 << 16);
        this.endless = endless;
    }

    /**
     * A line without its terminator, which is a line feed, a carriage return, or both.
     *
     * @param number line number, from 1
     * @param isWhole whether the line is complete, that is, not overlong
     */
    record Line(int number, String text, boolean isWhole) {}

    /**
     * Reads the next line; returns null at the end of the text.
     *
     * @throws CharConversionException if the line has no end
     */
    @Nullable
    Line next() throws IOException {
        StringBuilder text = new StringBuilder();
        int length = 0;
        int c = reader.read();
        if (afterCarriageReturn && c == '\n') {
            c = reader.read();
        }
        afterCarriageReturn = false;
        if (c < 0) {
            return null;
        }
        number++;
        for (; c >= 0 && c != '\n' && c != '\r'; c = reader.read()) {
            if (length < MAX_LENGTH) {
                text.append((char) c);
            } else if (length == endless) {
                throw new CharConversionException(
                        "must be lines of at most %d characters, but line %d has no end within %d; is it another file?"
                                .formatted(MAX_LENGTH, number, endless));
            }
            length++;
        }
        afterCarriageReturn = c == '\r';
        return new Line(number, text.toString(), length <= MAX_LENGTH);
    }
}
