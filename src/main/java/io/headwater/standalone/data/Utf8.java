package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads text files as UTF-8, or as UTF-16 where they begin with its byte order mark. */
final class Utf8 {
    private static final int MARK = 3;

    private Utf8() {}

    /**
     * Returns a reader of the characters of {@code in}, without a byte order mark. Malformed bytes become U+FFFD, so one
     * bad character does not end the file.
     *
     * @throws CharConversionException if the file begins with a zero byte, and so is not text in UTF-8; while it is read, if
     *     so many characters are malformed or control characters that it is no such text
     */
    static Reader reader(InputStream in) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(in, MARK);
        byte[] start = bytes.readNBytes(MARK);
        Charset charset = StandardCharsets.UTF_8;
        int mark = 0;
        if (begins(start, 0xfe, 0xff) || begins(start, 0xff, 0xfe)) {
            charset = begins(start, 0xfe, 0xff) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
            mark = 2;
        } else if (begins(start, 0xef, 0xbb, 0xbf)) {
            mark = MARK;
        } else if (start.length > 1 && (start[0] == 0 || start[1] == 0)) {
            throw new CharConversionException(
                    "must be text in UTF-8, or in UTF-16 with a byte order mark, but begins with zero"
                            + " bytes as UTF-16 and UTF-32 do; save it as UTF-8");
        }
        bytes.unread(start, mark, start.length - mark);
        return new PlainText(new BufferedReader(
                new InputStreamReader(
                        bytes,
                        charset.newDecoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .onUnmappableCharacter(CodingErrorAction.REPLACE)),
                1 << 16));
    }

    private static boolean begins(byte[] start, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= start.length || (start[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
