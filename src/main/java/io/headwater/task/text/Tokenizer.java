package io.headwater.task.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.headwater.config.TextInput;
import io.headwater.domain.Outcome;
import io.headwater.domain.Rejection.Reason;
import io.headwater.engine.weights.ModelFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The tokenizer of a base model, read from a {@code tokenizer.json} in the Hugging Face format with any model
 * (WordPiece, byte-level BPE, SentencePiece unigram), or from BERT's {@code vocab.txt}. Safe for use by several
 * threads. Nothing is downloaded; the native library is unpacked once below {@code DJL_CACHE_DIR} (a system property
 * or environment variable; by default the user's home directory, else the temporary directory).
 */
public final class Tokenizer implements AutoCloseable {
    private static final int MAX_BYTES = 64 << 20;

    // A strong reference, because an unreferenced logger may be garbage-collected and lose its level. The library logs
    // a warning on machines without a GPU.
    private static final Logger LIBRARY_LOG = Logger.getLogger("ai.djl");

    static {
        LIBRARY_LOG.setLevel(Level.SEVERE);
        // Must be set before the first use of the library, which otherwise sends usage statistics and downloads
        // models.
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final int longestText;
    private final long largestId;
    private final int specials;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int longestText, long largestId) {
        this.tokenizer = tokenizer;
        this.longestText = longestText;
        this.largestId = largestId;
        specials = ids("").length;
    }

    /**
     * Reads the tokenizer of a text model; texts are truncated to the model's maximum length.
     *
     * @throws io.headwater.domain.ArtifactException if the file is missing, too large or has another digest
     * @throws IllegalArgumentException if the file is not a tokenizer, or {@code maxTokens} leaves no room for text
     */
    public static Tokenizer open(TextInput input) {
        return open(input, cutOff(input.maxTokens()));
    }

    private static Map<String, String> cutOff(int maxTokens) {
        String tokens = Integer.toString(maxTokens);
        return Map.of("truncation", "true", "padding", "false", "maxLength", tokens, "modelMaxLength", tokens);
    }

    /** Reads a tokenizer like {@link #open(TextInput)}, but without truncation. */
    public static Tokenizer whole(TextInput input) {
        return open(input, Map.of("truncation", "false", "padding", "false"));
    }

    /** Creates a tokenizer from a {@code tokenizer.json}, without truncation. */
    static Tokenizer of(byte[] json) {
        return of("that was made", json, Map.of("truncation", "false", "padding", "false"));
    }

    /** Creates a tokenizer from a {@code tokenizer.json} that truncates texts to {@code maxTokens} tokens. */
    static Tokenizer of(byte[] json, int maxTokens) {
        return of("that was made", json, cutOff(maxTokens));
    }

    /**
     * Returns the {@code tokenizer.json} of a text model, which is made of it if its file is BERT's {@code vocab.txt}.
     *
     * @throws io.headwater.domain.ArtifactException if the file is missing, too large or has another digest
     */
    public static byte[] json(TextInput input) {
        return json(ModelFiles.read(input.tokenizer(), MAX_BYTES));
    }

    private static byte[] json(byte[] file) {
        return WordPieceVocabulary.mayBe(file) ? WordPieceVocabulary.parse(file).tokenizerJson() : file;
    }

    private static Tokenizer of(String location, byte[] bytes, Map<String, String> options) {
        try {
            byte[] json = json(bytes);
            int longestText = TokenizerFile.longestText(json);
            return new Tokenizer(
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options),
                    longestText,
                    LargestToken.id(json));
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "tokenizer '" + location
                            + "' must be a tokenizer.json of Hugging Face's format or BERT's vocab.txt, but: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Tokenizer open(TextInput input, Map<String, String> options) {
        byte[] json = ModelFiles.read(input.tokenizer(), MAX_BYTES);
        String location = input.tokenizer().location();
        Tokenizer opened = of(location, json, options);
        if (opened.specials >= input.maxTokens()) {
            opened.close();
            throw new IllegalArgumentException("max-tokens must leave room beside the " + opened.specials
                    + " special tokens of '" + location + "', but is " + input.maxTokens() + "; raise it");
        }
        return opened;
    }

    /**
     * The tokens of one or two texts.
     *
     * @param ids token ids, with special tokens and without padding
     * @param types token type ids of the model, 0 or 1
     * @param texts index of the text to which each token belongs, 0 or 1; -1 for special tokens
     * @param starts index of each token's first code point in its text; -1 for special tokens
     * @param ends index after each token's last code point in its text; -1 for special tokens
     */
    public record Tokens(long[] ids, long[] types, int[] texts, int[] starts, int[] ends) {
        private static Tokens of(Encoding encoding) {
            long[] sequences = encoding.getSequenceIds();
            CharSpan[] spans = encoding.getCharTokenSpans();
            int length = encoding.getIds().length;
            int[] texts = new int[length];
            int[] starts = new int[length];
            int[] ends = new int[length];
            for (int i = 0; i < length; i++) {
                CharSpan span = spans[i];
                texts[i] = span == null ? -1 : (int) sequences[i];
                starts[i] = span == null ? -1 : span.getStart();
                ends[i] = span == null ? -1 : span.getEnd();
            }
            return new Tokens(encoding.getIds(), encoding.getTypeIds(), texts, starts, ends);
        }

        /** Returns the number of tokens. */
        public int length() {
            return ids.length;
        }
    }

    /**
     * Returns the text, or the reason why the patterns of this tokenizer cannot be searched for in it.
     *
     * @param what name of the text in error messages
     */
    public Outcome<String> fits(String what, String text) {
        return text.length() <= longestText
                ? Outcome.ok(text)
                : Outcome.rejected(
                        Reason.TOO_LARGE,
                        "%s may have at most %d characters for the patterns of the base model's tokenizer, but has %d; shorten it"
                                .formatted(what, longestText, text.length()));
    }

    /** Returns the tokens of a text. */
    public Tokens tokens(String text) {
        return Tokens.of(tokenizer.encode(text));
    }

    /** Returns the tokens of a pair of texts. */
    public Tokens tokens(String first, String second) {
        return Tokens.of(tokenizer.encode(first, second));
    }

    /**
     * Returns the token ids of {@code text} with special tokens, truncated if the tokenizer has a maximum length,
     * without padding.
     */
    public long[] ids(String text) {
        return tokenizer.encode(text).getIds();
    }

    /** Returns the pieces of each word of {@code text}, without special tokens. */
    List<List<String>> words(String text) {
        Encoding encoding = tokenizer.encode(text, false, false);
        String[] tokens = encoding.getTokens();
        long[] words = encoding.getWordIds();
        List<List<String>> all = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            if (i == 0 || words[i] != words[i - 1]) {
                all.add(new ArrayList<>());
            }
            all.get(all.size() - 1).add(tokens[i]);
        }
        return all;
    }

    /** Returns the largest token id that a text can have. */
    public long largestId() {
        return largestId;
    }

    /** Returns the number of special tokens that are added to every text. */
    int specials() {
        return specials;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
