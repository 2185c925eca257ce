package io.headwater.fuzz;

import io.headwater.task.text.TokenizerFiles;
import io.headwater.task.text.VocabularyTrainer;
import java.util.List;
import java.util.stream.Stream;

/** Files of tokenizers, as they are checked before native code reads them. */
class TokenizerFuzzTest extends ReaderFuzzing {
    private static final String BEGIN = "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"";
    private static final String END = "\"},\"behavior\":\"Isolated\"},\"model\":{\"type\":\"BPE\"}}";

    @Override
    void read(byte[] bytes) {
        try {
            TokenizerFiles.check(bytes);
        } catch (IllegalArgumentException refused) {
            // Documented for files that are no tokenizer.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        return Stream.of(
                utf8("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n"),
                VocabularyTrainer.wordPiece(List.of("yes no"), 100),
                VocabularyTrainer.byteLevel(List.of("yes no"), 300),
                pattern("'s|'t| ?\\\\p{L}+| ?[^\\\\s\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+"),
                pattern("(?i:[a-z]{1,3}){2,4}|[\\\\x41-\\\\u{5a}&&[^B]]*+$"));
    }

    @Override
    Stream<byte[]> large() {
        return Stream.of(
                repeated("", "\n", ""),
                repeated("", "a\n", ""),
                repeated("{\"model\":", "[", ""),
                repeated(BEGIN, "(", END),
                repeated(BEGIN, "[", END),
                repeated(BEGIN, "a|", END),
                repeated(BEGIN, "(a*)*", END),
                repeated(BEGIN, "a{9}", END),
                repeated("{\"pre_tokenizer\":{\"pretokenizers\":[", "{\"Regex\":\"a*\"},", "{}]}}"),
                repeated("{\"model\":{\"vocab\":{", "\"a\":0,", "\"b\":1}}}"));
    }

    /** A tokenizer that splits texts at a pattern, which is written as in JSON. */
    private static byte[] pattern(String pattern) {
        return utf8(BEGIN + pattern + END);
    }
}
