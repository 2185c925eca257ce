package io.headwater.standalone.data;

import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import io.headwater.standalone.data.BoundedLines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads sentences in the format of the CoNLL shared tasks (Tjong Kim Sang and De Meulder 2003): one token per line,
 * with the token in the first column and its tag in the last. Columns are separated by tabs or, in a line without
 * tabs, by spaces. A sentence ends at a blank line or at a line that begins with {@code -DOCSTART-}.
 */
final class ConllData {
    private static final String DOCUMENT = "-DOCSTART-";
    private static final Pattern TAG = Pattern.compile("O|[BIESLUM]-.+");
    private static final Pattern BLANKS = Pattern.compile(" +");

    private final String name;
    private final Found found;
    private final List<String> tokens = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private int start;
    private int length;
    private boolean isBad;

    private ConllData(String name) {
        this.name = name;
        this.found = new Found(name);
    }

    static Dataset read(Path path) throws IOException {
        ConllData data = new ConllData(String.valueOf(path.getFileName()));
        try (InputStream in = Files.newInputStream(path)) {
            BoundedLines lines = new BoundedLines(Utf8.reader(in));
            for (Line line = lines.next(); line != null; line = lines.next()) {
                data.line(line);
            }
        }
        data.end();
        return data.found.dataset();
    }

    private void line(Line line) {
        String text = line.text();
        if (line.isWhole() && text.isBlank()) {
            end();
            return;
        }
        String[] columns = text.indexOf('\t') >= 0
                ? text.split("\t", -1)
                : BLANKS.split(text.endsWith(" ") ? text.stripTrailing() : text, -1);
        String token = columns[0];
        String tag = columns[columns.length - 1];
        if (token.equals(DOCUMENT)) {
            end();
        } else if (!isComment(text, columns)) {
            if (length == 0 && !isBad) {
                start = line.number();
            }
            length += text.length();
            if (!line.isWhole() || length > BoundedLines.MAX_LENGTH) {
                fault(
                        line,
                        "a sentence must have at most %d characters, but has more".formatted(BoundedLines.MAX_LENGTH));
            } else if (columns.length < 2) {
                fault(line, "a line must have a token first and its tag last, but is '" + Json.shown(text) + "'");
            } else if (token.isEmpty() || token.codePoints().anyMatch(ConllData::partsWords)) {
                fault(line, "a token must not be empty or hold white space, but is '" + Json.shown(token) + "'");
            } else if (tag.isBlank()) {
                fault(line, "a token must have a tag, but '" + Json.shown(token) + "' has none");
            } else if (!isBad) {
                tokens.add(token);
                tags.add(tag);
            }
        }
    }

    /**
     * Returns whether a line is a comment. Because a token may also begin with #, such a line is a comment only if its
     * last column is not a tag.
     */
    private static boolean isComment(String text, String[] columns) {
        return text.startsWith("#")
                && text.indexOf('\t') < 0
                && !(columns.length > 1
                        && TAG.matcher(columns[columns.length - 1]).matches());
    }

    private static boolean partsWords(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    /** Drops the sentence of a bad line; only the first bad line of a sentence is reported. */
    private void fault(Line line, String rule) {
        if (!isBad) {
            found.fault("%s:%d: %s; the sentence of line %d is left out".formatted(name, line.number(), rule, start));
        }
        isBad = true;
        tokens.clear();
        tags.clear();
    }

    private void end() {
        if (!tokens.isEmpty()) {
            found.add(
                    name + ":" + start, new Label.TokenTags(tokens, tags), new Payload.Text(String.join(" ", tokens)));
        }
        tokens.clear();
        tags.clear();
        length = 0;
        isBad = false;
    }
}
