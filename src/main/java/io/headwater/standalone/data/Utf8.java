package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Files of text as characters. */
final class Utf8 {
    /** What some editors begin a file of UTF-8 with; it is not part of what the file says. */
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private Utf8() {}

    /** The characters of {@code in}. A byte that is not UTF-8 becomes U+FFFD: one bad character does not end the file. */
    static Reader reader(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(
                        in,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPLACE)
                                .onUnmappableCharacter(CodingErrorAction.REPLACE)),
                1 << 16);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }
}
