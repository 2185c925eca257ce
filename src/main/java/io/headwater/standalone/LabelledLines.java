package io.headwater.standalone;

import io.headwater.domain.Payload;
import io.headwater.standalone.BoundedLines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads lines of UTF-8: a label, a tab, and what the label is of. */
final class LabelledLines {
    /** What some editors begin a file of UTF-8 with; it is not part of the first label. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private LabelledLines() {}

    /** What stands after the tab. */
    interface Form {
        /** How it is called in a message that says what a line must be. */
        String name();

        /**
         * What it means.
         *
         * @throws IllegalArgumentException when it is not of this form; its message says the rule and the value
         */
        Payload read(String text);
    }

    static Dataset read(String name, InputStream in, Form form) throws IOException {
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
                try {
                    Payload payload = form.read(text.substring(tab + 1));
                    items.add(Item.ofClass(place, text.substring(0, tab), () -> payload));
                } catch (IllegalArgumentException e) {
                    faults.add(place + ": " + e.getMessage());
                }
            } else if (!text.isBlank()) {
                faults.add(
                        "%s: a line must be label<TAB>%s, but has no label before a tab".formatted(place, form.name()));
            }
        }
        return new Dataset(name, items, faults);
    }
}
