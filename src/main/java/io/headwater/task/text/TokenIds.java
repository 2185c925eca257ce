package io.headwater.task.text;

import java.util.Arrays;

/** Texts as the ids of their tokens, special tokens among them. Safe for use by several threads. */
public final class TokenIds implements AutoCloseable {
    private final Tokenizer tokenizer;

    private TokenIds(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Ids of a tokenizer.
     *
     * @param json a {@code tokenizer.json}
     * @param maxTokens texts are cut off so that they have no more, special tokens included
     */
    public static TokenIds of(byte[] json, int maxTokens) {
        return new TokenIds(Tokenizer.of(json, maxTokens));
    }

    /** The ids of {@code text}. */
    public int[] of(String text) {
        return Arrays.stream(tokenizer.ids(text)).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
