package io.headwater.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.TextInput;
import io.headwater.engine.TestModels;
import io.headwater.engine.weights.ModelFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
    private static final TextInput INPUT = TestModels.miniLmInput(256);

    /** Pieces of text that are hard in one way or another. */
    private static final String[] PIECES = {
        "the",
        "movie",
        "unbelievable",
        "Zürich",
        "naïve",
        "CAFÉ",
        "İstanbul",
        "ΑΣ",
        "ärger",
        "e\u0301te\u0301",
        "北京",
        "東京タワー",
        "한국어",
        "안녕",
        "ไทย",
        "русский",
        "Ёлка",
        "עברית",
        "العربية",
        "हिन्दी",
        "🙂",
        "👍🏽",
        "👩‍👩‍👧",
        "🇨🇭",
        "don't",
        "3.14",
        "a-b_c",
        "«quote»",
        "—",
        "…",
        "$5",
        "a+b=c",
        "`x`",
        "^",
        "~",
        "\u200b",
        "\u00a0",
        "\u3000",
        "\t",
        "\n",
        "\u0000",
        "\ufffd",
        "\u00ad",
        "\u0085",
        "\ue000",
        "ﬁne",
        "½",
        "ß",
        "x".repeat(99),
        "x".repeat(101),
        "supercalifragilisticexpialidocious",
        "é".repeat(60),
        "𝒜𝓃",
        "𠀀",
        "﷽",
        "ǅ",
        "№",
        "㎏"
    };

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.open(INPUT);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void shouldGiveIdsWorkedOutByHand() {
        // Positions of the words in the vocabulary of bert-base-uncased.
        assertThat(tokenizer.ids("Hello, world!")).containsExactly(101, 7592, 1010, 2088, 999, 102);
        assertThat(tokenizer.ids("the movie was great")).containsExactly(101, 1996, 3185, 2001, 2307, 102);
        assertThat(tokenizer.ids("naïve CAFÉ")).containsExactly(101, 15743, 7668, 102);
        assertThat(tokenizer.ids("embeddings")).containsExactly(101, 7861, 8270, 4667, 2015, 102);
        assertThat(tokenizer.ids("x".repeat(101))).containsExactly(101, 100, 102);
        assertThat(tokenizer.ids("")).containsExactly(101, 102);
    }

    @Test
    void shouldAgreeWithTheReferenceOnAThousandStrings() throws Exception {
        byte[] json = ModelFiles.read(INPUT.tokenizer(), 1 << 20);
        ReferenceWordPiece reference = new ReferenceWordPiece(json, 256);
        Random random = new Random(5);

        for (int i = 0; i < 1200; i++) {
            String text = text(random);
            assertThat(tokenizer.ids(text)).as(text).isEqualTo(reference.ids(text));
        }
    }

    @Test
    void shouldCutOffAtTheGivenLength() {
        try (Tokenizer small = Tokenizer.open(TestModels.miniLmInput(5))) {
            assertThat(small.ids("the movie was great and long")).containsExactly(101, 1996, 3185, 2001, 102);
        }
    }

    @Test
    void shouldGiveTheSameIdsToSeveralThreads() {
        long[] expected = tokenizer.ids("a wonderful film");

        assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> tokenizer.ids("a wonderful film")))
                .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
    }

    @Test
    void shouldRejectALengthWithoutRoomForText() {
        assertThatThrownBy(() -> Tokenizer.open(TestModels.miniLmInput(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max-tokens")
                .hasMessageContaining("2 special tokens");
    }

    @Test
    void shouldRejectAFileThatIsNoTokenizer(@TempDir Path folder) {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        TextInput wrong = new TextInput(TestModels.write(folder, json), 256, "a", "b", "c");

        assertThatThrownBy(() -> Tokenizer.open(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a tokenizer.json");
    }

    @Test
    void shouldReadAVocabularyAsItsOwnTokenizer(@TempDir Path folder) throws Exception {
        byte[] json = ModelFiles.read(INPUT.tokenizer(), 1 << 20);
        List<String> tokens = new ArrayList<>();
        new ObjectMapper().readTree(json).at("/model/vocab").properties().forEach(token -> {
            while (tokens.size() <= token.getValue().intValue()) {
                tokens.add("");
            }
            tokens.set(token.getValue().intValue(), token.getKey());
        });
        Random random = new Random(6);

        try (Tokenizer vocabulary = open(folder, String.join("\n", tokens) + "\n")) {
            for (int i = 0; i < 300; i++) {
                String text = text(random);
                assertThat(vocabulary.ids(text)).as(text).isEqualTo(tokenizer.ids(text));
            }
            assertThat(vocabulary.tokens("who?", "me").types())
                    .isEqualTo(tokenizer.tokens("who?", "me").types());
        }
    }

    @Test
    void shouldTellCapitalsApartWhereTheVocabularyDoes(@TempDir Path folder) {
        try (Tokenizer cased = open(folder, "[UNK]\n[CLS]\n[SEP]\nBasel\nbasel\n##er\n")) {
            assertThat(cased.ids("Basel basel Baseler")).containsExactly(1, 3, 4, 3, 5, 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[UNK] [CLS] a a [SEP]|'a' stands in the vocabulary twice",
                "[UNK] [CLS] a b|must hold '[SEP]'",
            })
    void shouldRejectABadVocabulary(String tokens, String why, @TempDir Path folder) {
        assertThatThrownBy(() -> open(folder, tokens.replace(' ', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void shouldReadByteLevelBytePairs(@TempDir Path folder) {
        // A space is the byte-level alphabet's Ġ (Radford et al. 2019); ö is two bytes of it.
        String json = """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                 "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                 "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                 "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                  "end_of_word_suffix": "", "fuse_unk": false,
                  "vocab": {"l": 0, "o": 1, "w": 2, "\u0120": 3, "\u00c3": 4, "\u00b6": 5, "lo": 6, "low": 7, "\u0120low": 8},
                  "merges": ["l o", "lo w", "\u0120 low"]}}
                """;
        try (Tokenizer bytePairs = open(folder, json)) {
            Tokenizer.Tokens tokens = bytePairs.tokens("low low ö");
            assertThat(tokens.ids()).containsExactly(7, 8, 3, 4, 5);
            assertThat(tokens.starts()[1]).isIn(3, 4);
            assertThat(tokens.ends()[1]).isEqualTo(7);
        }
    }

    @Test
    void shouldReadAUnigramVocabulary(@TempDir Path folder) {
        // The likeliest split (Kudo 2018): "▁hello" at -1 beats "▁" and "hello" at -3 and -4.
        String json = """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
                 "post_processor": null, "decoder": null,
                 "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false,
                  "vocab": [["<unk>", 0], ["\u2581", -3], ["hello", -4], ["\u2581hello", -1], ["s", -5]]}}
                """;
        try (Tokenizer unigram = open(folder, json)) {
            assertThat(unigram.ids("hello hellos")).containsExactly(3, 3, 4);
        }
    }

    private static Tokenizer open(Path folder, String file) {
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        return Tokenizer.open(new TextInput(TestModels.write(folder, bytes), 256, "a", "b", "c"));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(random.nextInt(20) == 0 ? 300 : 12);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
            if (random.nextInt(3) > 0) {
                text.append(' ');
            }
        }
        return text.toString();
    }
}
