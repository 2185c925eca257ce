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
 * A tokenizer made from BERT's {@code vocab.txt}, which lists one token per line in the order of their ids. The file
 * does not describe the other steps of BERT's tokenizer (Devlin et al. 2019); they are the same for all BERT models.
 *
 * @param ids id of each token
 */
record WordPieceVocabulary(Map<String, Integer> ids) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "[UNK]";
    private static final String FIRST = "[CLS]";
    private static final String LAST = "[SEP]";
    private static final List<String> SPECIAL = List.of("[PAD]", UNKNOWN, FIRST, LAST, "[MASK]");
    /** A longer word becomes the unknown token, as in BERT's reference code. */
    private static final int LONGEST_WORD = 100;

    WordPieceVocabulary {
        // Ordered, so that the same vocabulary gives the same bytes.
        ids = Collections.unmodifiableMap(new LinkedHashMap<>(ids));
    }

    /** Returns whether {@code bytes} may be a vocabulary because they are not a JSON object. */
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
     * @throws IllegalArgumentException if a token occurs twice, or a token that BERT needs is missing
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

    /** Returns whether the vocabulary is cased. One without capital letters was trained on lower-cased text. */
    boolean isCased() {
        return ids.keySet().stream()
                .filter(token -> !token.startsWith("["))
                .anyMatch(token -> token.codePoints().anyMatch(point -> Character.toLowerCase(point) != point));
    }

    /** Returns an equivalent {@code tokenizer.json} in the Hugging Face format. */
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
