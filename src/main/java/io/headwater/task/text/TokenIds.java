package io.headwater.task.text;

import java.util.Arrays;

/** Converts texts to token ids, including special tokens. Safe for use by several threads. */
public final class TokenIds implements AutoCloseable {
    private final Tokenizer tokenizer;

    private TokenIds(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Creates a converter with a given tokenizer.
     *
     * @param json a {@code tokenizer.json}
     * @param maxTokens maximum number of tokens, including special tokens, to which texts are truncated
     */
    public static TokenIds of(byte[] json, int maxTokens) {
        return new TokenIds(Tokenizer.of(json, maxTokens));
    }

    /** Returns the token ids of {@code text}. */
    public int[] of(String text) {
        return Arrays.stream(tokenizer.ids(text)).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
