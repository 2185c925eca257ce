package io.headwater.task.text;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Trains tokenizers on texts, in the Hugging Face format. To split words exactly as the finished tokenizer will, texts
 * are split by the same tokenizer with a vocabulary of single characters.
 */
public final class VocabularyTrainer {
    /** Maximum number of characters in the vocabulary of a WordPiece tokenizer; the most frequent ones are kept. */
    private static final int MAX_ALPHABET = 1000;

    private static final List<String> WORD_PIECE_SPECIALS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final String START = "<s>";
    private static final String END = "</s>";
    private static final List<String> BYTE_LEVEL_SPECIALS = List.of(START, END);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> texts;
    private final int size;

    private VocabularyTrainer(List<String> texts, int size) {
        this.texts = texts;
        this.size = size;
    }

    /**
     * Trains a WordPiece tokenizer (Schuster and Nakajima 2012, "Japanese and Korean voice search") like that of BERT
     * uncased: ids 0 to 4 are {@code [PAD]}, {@code [UNK]}, {@code [CLS]}, {@code [SEP]} and {@code [MASK]}.
     *
     * @param size maximum size of the vocabulary, at least 100
     * @return a {@code tokenizer.json}, the same for the same texts
     */
    public static byte[] wordPiece(List<String> texts, int size) {
        return new VocabularyTrainer(texts, checked(size, 100)).wordPiece();
    }

    /**
     * Trains a byte-level BPE tokenizer like that of GPT-2 (Radford et al. 2019): id 0 is {@code <s>}, which begins
     * each text, and id 1 is {@code </s>}, which marks the end of a text.
     *
     * @param size maximum size of the vocabulary, at least 300
     * @return a {@code tokenizer.json}, the same for the same texts
     */
    public static byte[] byteLevel(List<String> texts, int size) {
        return new VocabularyTrainer(texts, checked(size, 300)).byteLevel();
    }

    /** Returns the vocabulary size of a {@code tokenizer.json} created by this class. */
    public static int size(byte[] json) {
        try {
            return JSON.readTree(json).path("model").path("vocab").size();
        } catch (IOException e) {
            throw new IllegalArgumentException("a tokenizer must be JSON, but is not: " + e.getMessage(), e);
        }
    }

    private static int checked(int size, int least) {
        if (size < least || size > 100_000) {
            throw new IllegalArgumentException("a vocabulary must have from " + least
                    + " to 100000 tokens, but is to have " + size + "; choose another size");
        }
        return size;
    }

    private byte[] wordPiece() {
        List<String> vocabulary = new ArrayList<>(WORD_PIECE_SPECIALS);
        List<String> alphabet = alphabet();
        alphabet.forEach(each -> {
            vocabulary.add(each);
            vocabulary.add(PieceMerges.INNER + each);
        });
        PieceMerges merges = new PieceMerges(words(wordPiece(vocabulary)), PieceMerges.INNER);
        vocabulary.addAll(merges.best(Math.max(0, size - vocabulary.size())).stream()
                .map(PieceMerges.Merge::joined)
                .toList());
        return wordPiece(vocabulary);
    }

    /**
     * Returns the most frequent characters after the tokenizer's normalisation, most frequent first, ties ordered by
     * code point.
     */
    private List<String> alphabet() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (String text : texts) {
            Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                    .codePoints()
                    .filter(c -> !Character.isWhitespace(c)
                            && !Character.isISOControl(c)
                            && Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(c -> counts.merge(c, 1, Integer::sum));
        }
        return counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Integer, Integer> each) -> -each.getValue()))
                .limit(Math.min(MAX_ALPHABET, size / 4))
                .map(each -> Character.toString(each.getKey()))
                .toList();
    }

    private byte[] byteLevel() {
        List<String> vocabulary = new ArrayList<>(BYTE_LEVEL_SPECIALS);
        vocabulary.addAll(bytes());
        PieceMerges counted = new PieceMerges(words(byteLevel(vocabulary, List.of())), "");
        List<PieceMerges.Merge> merges = new ArrayList<>();
        for (PieceMerges.Merge merge : counted.best(size - vocabulary.size())) {
            vocabulary.add(merge.joined());
            merges.add(merge);
        }
        return byteLevel(vocabulary, merges);
    }

    /**
     * Returns the characters by which GPT-2 represents bytes: printable bytes as themselves, the others from U+0100
     * on.
     */
    private static List<String> bytes() {
        List<String> bytes = new ArrayList<>();
        int further = 256;
        for (int value = 0; value < 256; value++) {
            boolean isPrintable = value > 32 && value < 127 || value > 160 && value != 173;
            bytes.add(Character.toString(isPrintable ? value : further++));
        }
        return bytes;
    }

    /**
     * Counts the words of the texts. A word is given as the pieces into which {@code json}, a tokenizer without merged
     * pieces, splits it.
     */
    private Map<List<String>, Long> words(byte[] json) {
        Map<List<String>, Long> words = new TreeMap<>(Comparator.comparing(Object::toString));
        try (Tokenizer tokenizer = Tokenizer.of(json)) {
            for (String text : texts) {
                tokenizer.words(text).forEach(word -> words.merge(word, 1L, Long::sum));
            }
        }
        words.keySet().removeIf(word -> word.contains("[UNK]"));
        return words;
    }

    private static byte[] wordPiece(List<String> vocabulary) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        return new WordPieceVocabulary(ids).tokenizerJson();
    }

    private static byte[] byteLevel(List<String> vocabulary, List<PieceMerges.Merge> merges) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        BYTE_LEVEL_SPECIALS.forEach(token -> added.addObject()
                .put("id", BYTE_LEVEL_SPECIALS.indexOf(token))
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"));
        ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        special(single, START, 0);
        sequence(single, "A", 0);
        ArrayNode pair = template.putArray("pair");
        special(pair, START, 0);
        sequence(pair, "A", 0);
        special(pair, END, 0);
        sequence(pair, "B", 1);
        ObjectNode specials = template.putObject("special_tokens");
        describe(specials, START, 0);
        describe(specials, END, 1);
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false);
        vocabulary(model, vocabulary);
        ArrayNode written = model.putArray("merges");
        merges.forEach(merge -> written.add(merge.left() + " " + merge.right()));
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static void vocabulary(ObjectNode model, List<String> tokens) {
        ObjectNode vocabulary = model.putObject("vocab");
        IntStream.range(0, tokens.size()).forEach(id -> vocabulary.put(tokens.get(id), id));
    }

    private static void special(ArrayNode template, String token, int type) {
        template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
    }

    private static void sequence(ArrayNode template, String which, int type) {
        template.addObject().putObject("Sequence").put("id", which).put("type_id", type);
    }

    private static void describe(ObjectNode specials, String token, int id) {
        ObjectNode described = specials.putObject(token).put("id", token);
        described.putArray("ids").add(id);
        described.putArray("tokens").add(token);
    }
}
