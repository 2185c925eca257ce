package io.headwater.task.text;

import java.io.IOException;

/** What is done with the file of a tokenizer before native code reads it. */
public final class TokenizerFiles {
    private TokenizerFiles() {}

    /**
     * Reads a tokenizer up to the point where it would be passed to native code.
     *
     * @throws IllegalArgumentException if it is refused
     */
    public static void check(byte[] file) {
        try {
            TokenizerFile.longestText(
                    WordPieceVocabulary.mayBe(file)
                            ? WordPieceVocabulary.parse(file).tokenizerJson()
                            : file);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is no JSON", e);
        }
    }
}
