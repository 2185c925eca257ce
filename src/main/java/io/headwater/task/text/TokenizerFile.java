package io.headwater.task.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Set;

/**
 * Checks a {@code tokenizer.json} before the native library reads it. The library ends the process when the search for a
 * regular expression takes too many steps, and needs time that grows with the cube of the length of a word when words of
 * any length are looked up piece by piece.
 */
final class TokenizerFile {
    /** Steps of a search, below the 10,000,000 at which the library gives up. */
    private static final double MAX_STEPS = 8_000_000;

    private static final double MAX_CONSTANT = 100_000;
    private static final double MAX_PER_CHARACTER = 100;
    private static final int MAX_WORD = 1000;
    private static final Set<String> APPLIED = Set.of("normalizer", "pre_tokenizer");
    private static final ObjectMapper JSON = new ObjectMapper();

    private double constant;
    private double perCharacter;

    private TokenizerFile() {}

    /**
     * Checks a file.
     *
     * @return the number of characters of the longest text that the file's patterns can be searched for in
     * @throws IOException if the file is not JSON
     * @throws IllegalArgumentException if it has a pattern whose cost cannot be bounded, or too long words
     */
    static int longestText(byte[] json) throws IOException {
        TokenizerFile file = new TokenizerFile();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (APPLIED.contains(name)) {
                    file.patterns(JSON.readTree(parser));
                } else if (name.equals("model") && parser.currentToken() == JsonToken.START_OBJECT) {
                    words(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, (MAX_STEPS - file.constant) / Math.max(1e-6, file.perCharacter));
    }

    private void patterns(JsonNode node) {
        JsonNode regex = node.path("Regex");
        if (regex.isTextual()) {
            add(regex.textValue());
        }
        node.forEach(this::patterns);
    }

    private void add(String pattern) {
        try {
            PatternCost cost = PatternReader.cost(pattern);
            if (cost.degree() > 1) {
                throw new IllegalArgumentException(
                        "has several repetitions without a limit that can divide a text among them, for which time grows at least with the square of its length");
            }
            constant += cost.work()[0];
            perCharacter += cost.work()[1];
            if (constant > MAX_CONSTANT || perCharacter > MAX_PER_CHARACTER) {
                throw new IllegalArgumentException("can match in too many ways");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "its pattern '%s' %s; use another tokenizer, or a simpler pattern"
                            .formatted(pattern.substring(0, Math.min(80, pattern.length())), e.getMessage()),
                    e);
        }
    }

    private static void words(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("max_input_chars_per_word")
                    && (value != JsonToken.VALUE_NUMBER_INT || parser.getLongValue() > MAX_WORD)) {
                throw new IllegalArgumentException(
                        "max_input_chars_per_word must be a number of at most %d, but is %s; 100 is usual"
                                .formatted(MAX_WORD, parser.getText()));
            }
            parser.skipChildren();
        }
    }
}
