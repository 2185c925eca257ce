package io.headwater.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.BaseModelManifest.TextInput;
import io.headwater.engine.ModelFiles;
import io.headwater.engine.TestModels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
