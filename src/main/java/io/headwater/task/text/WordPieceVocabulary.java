package io.headwater.task.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * BERT's {@code vocab.txt}, a token a line in the order of their ids, as a tokenizer: what BERT does around its vocabulary
 * (Devlin et al. 2019) the file does not say, and is the same for all of its kind.
 *
 * @param ids of the tokens
 */
record WordPieceVocabulary(Map<String, Integer> ids) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "[UNK]";
    private static final String FIRST = "[CLS]";
    private static final String LAST = "[SEP]";
    private static final List<String> SPECIAL = List.of("[PAD]", UNKNOWN, FIRST, LAST, "[MASK]");
    /** A word of more characters is unknown, as in BERT's own code. */
    private static final int LONGEST_WORD = 100;

    WordPieceVocabulary {
        // In their order, so that the same vocabulary is the same bytes.
        ids = Collections.unmodifiableMap(new LinkedHashMap<>(ids));
    }

    /** Whether {@code bytes} are no JSON object, and so may be a vocabulary. */
    static boolean mayBe(byte[] bytes) {
        for (byte one : bytes) {
            if (!Character.isWhitespace(one)) {
                return one != '{';
            }
        }
        return false;
    }

    /**
     * Reads a vocabulary.
     *
     * @throws IllegalArgumentException when a token comes twice, or one that BERT needs is missing
     */
    static WordPieceVocabulary parse(byte[] bytes) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\r?\n");
        for (int i = 0; i < lines.length; i++) {
            if (ids.put(lines[i], i) != null) {
                throw new IllegalArgumentException("line " + (i + 1) + " must be a token of its own, but '" + lines[i]
                        + "' stands in the vocabulary twice");
            }
        }
        for (String token : List.of(UNKNOWN, FIRST, LAST)) {
            if (!ids.containsKey(token)) {
                throw new IllegalArgumentException("a vocabulary must hold '" + token + "', but does not");
            }
        }
        return new WordPieceVocabulary(ids);
    }

    /** Whether it tells capitals from small letters: a vocabulary without a capital was made of text without. */
    boolean isCased() {
        return ids.keySet().stream()
                .filter(token -> !token.startsWith("["))
                .anyMatch(token -> token.codePoints().anyMatch(point -> Character.toLowerCase(point) != point));
    }

    /** The same as a {@code tokenizer.json} of Hugging Face's format. */
    byte[] tokenizerJson() {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        SPECIAL.stream()
                .filter(ids::containsKey)
                .forEach(token -> added.addObject()
                        .put("id", ids.get(token))
                        .put("content", token)
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", true));
        root.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", !isCased());
        root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        root.putObject("post_processor")
                .put("type", "BertProcessing")
                .<ObjectNode>set("sep", special(LAST))
                .set("cls", special(FIRST));
        root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        root.putObject("model")
                .put("type", "WordPiece")
                .put("unk_token", UNKNOWN)
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", LONGEST_WORD)
                .set("vocab", JSON.valueToTree(ids));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException("texts and numbers can always be written as JSON", e);
        }
    }

    private ArrayNode special(String token) {
        return JSON.createArrayNode().add(token).add(ids.get(token));
    }
}
