package io.headwater.standalone.data;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Reads a text whose parts are held in memory one after the other, and stops within a part that is too long. */
final class PartReader extends FilterReader {
    /** Maximum length of a part in characters. In memory, its values take up to thirty times as much. */
    static final int MAX_LENGTH = 4 << 20;

    private long left = Long.MAX_VALUE;

    PartReader(Reader in) {
        super(in);
    }

    /** A part is too long. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Says that a part begins, except for what a parser may have read ahead. */
    void begin() {
        left = MAX_LENGTH;
    }

    /** Says that the part has ended. */
    void end() {
        left = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        take(c < 0 ? 0 : 1);
        return c;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        take(Math.max(0, read));
        return read;
    }

    private void take(int characters) throws TooLongException {
        left -= characters;
        if (left < 0) {
            throw new TooLongException();
        }
    }
}
