package io.headwater.standalone.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads text files as UTF-8. */
final class Utf8 {
    /** Some editors begin UTF-8 files with this mark; it is not part of the text. */
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private Utf8() {}

    /**
     * Returns a reader of the characters of {@code in}. Malformed bytes become U+FFFD, so one bad character does not
     * end the file.
     */
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
