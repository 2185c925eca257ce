package io.headwater.standalone.data;

import java.io.CharConversionException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Reads text, and refuses what is none: a file of another format, or of another encoding than it was read with, consists of
 * characters that texts have only now and then.
 */
final class PlainText extends FilterReader {
    /** A few odd characters are no reason to refuse a short file. */
    private static final int ODD_BEFORE_JUDGING = 64;
    /** A text has fewer odd characters than one in so many. */
    private static final int CHARACTERS_PER_ODD = 10;

    private static final char REPLACEMENT = '\ufffd';
    private static final int C1_END = 0x9f;
    private static final int DELETE = 0x7f;

    private long characters;
    private long odd;

    PlainText(Reader in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        if (c >= 0) {
            count((char) c);
            judge();
        }
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = 0; i < read; i++) {
            count(buffer[offset + i]);
        }
        judge();
        return read;
    }

    private void count(char c) {
        characters++;
        boolean isControl = c < ' ' && (c < '\t' || c > '\r') || c >= DELETE && c <= C1_END;
        odd += c == REPLACEMENT || isControl ? 1 : 0;
    }

    private void judge() throws CharConversionException {
        if (odd >= ODD_BEFORE_JUDGING && odd * CHARACTERS_PER_ODD > characters) {
            throw new CharConversionException(
                    "must be text in UTF-8, or in UTF-16 with a byte order mark, but %d of its first %d characters are bytes that are no UTF-8, or control characters; save it as UTF-8, or name another file"
                            .formatted(odd, characters));
        }
    }
}
