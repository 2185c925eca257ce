package io.headwater.standalone;

import io.headwater.domain.Payload;
import io.headwater.standalone.BoundedLines.Line;
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
        BoundedLines lines = new BoundedLines(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
        for (Line line = lines.next(); line != null; line = lines.next()) {
            String text = line.text();
            if (line.number() == 1 && text.startsWith(BYTE_ORDER_MARK)) {
                text = text.substring(1);
            }
            int tab = text.indexOf('\t');
            String place = name + ":" + line.number();
            if (!line.isWhole()) {
                faults.add("%s: a line must have at most %d characters, but has more"
                        .formatted(place, BoundedLines.MAX_LENGTH));
            } else if (tab >= 1) {
                Payload payload = new Payload.Text(text.substring(tab + 1));
                items.add(new Item(place, text.substring(0, tab), () -> payload));
            } else if (!text.isBlank()) {
                faults.add(place + ": a line must be label<TAB>text, but has no label before a tab");
            }
        }
        return new Dataset(name, items, faults);
    }
}
