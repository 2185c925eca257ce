package io.headwater.standalone;

import io.headwater.domain.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code label<TAB>text} lines of UTF-8. */
final class TextData {
    /** What some editors begin a file of UTF-8 with; it is not part of the first label. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private TextData() {}

    static Dataset read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(path.getFileName().toString(), in);
        }
    }

    static Dataset read(String name, InputStream in) throws IOException {
        List<Item> items = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        // A byte that is not UTF-8 becomes U+FFFD: one bad character does not end the file.
        BufferedReader lines = new BufferedReader(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
                line = line.substring(1);
            }
            if (line.isBlank()) {
                continue;
            }
            int tab = line.indexOf('\t');
            if (tab < 1) {
                faults.add(
                        "%s:%d: a line must be label<TAB>text, but has no label before a tab".formatted(name, number));
                continue;
            }
            Payload text = new Payload.Text(line.substring(tab + 1));
            items.add(new Item(name + ":" + number, line.substring(0, tab), () -> text));
        }
        return new Dataset(name, items, faults);
    }
}
