package io.headwater.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VocabularyTrainerTest {
    private static final List<String> TEXTS = texts();

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            texts.add("The lowest tower is lower than the newest one, Größe " + i % 7 + ".");
            texts.add("low lower newer widest!");
        }
        return texts;
    }

    @Test
    void shouldJoinTheMostFrequentPairsFirst() {
        // The words of Sennrich et al. 2016, algorithm 1, without an end of word.
        Map<List<String>, Long> words = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        words.put(List.of("l", "o", "w"), 5L);
        words.put(List.of("l", "o", "w", "e", "r"), 2L);
        words.put(List.of("n", "e", "w", "e", "s", "t"), 6L);
        words.put(List.of("w", "i", "d", "e", "s", "t"), 3L);

        assertThat(new PieceMerges(words, "").best(4))
                .extracting(PieceMerges.Merge::joined)
                .containsExactly("es", "est", "lo", "low");
    }

    @Test
    void shouldMarkInnerPiecesOfWordPiece() {
        Map<List<String>, Long> words = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        words.put(List.of("n", "##e", "##w"), 5L);
        words.put(List.of("##e", "##w"), 1L);

        assertThat(new PieceMerges(words, PieceMerges.INNER).best(9))
                .extracting(PieceMerges.Merge::joined)
                .containsExactly("##ew", "new");
    }

    @Test
    void shouldMakeAWordPieceTokenizerOfFewerTokensThanLetters() throws IOException {
        byte[] json = VocabularyTrainer.wordPiece(TEXTS, 120);

        assertThat(VocabularyTrainer.wordPiece(TEXTS, 120)).isEqualTo(json);
        assertThat(vocabulary(json)).hasSizeLessThanOrEqualTo(120);
        try (Tokenizer tokenizer = Tokenizer.of(json)) {
            long[] ids = tokenizer.ids("The lowest tower");
            assertThat(ids[0]).isEqualTo(2);
            assertThat(ids[ids.length - 1]).isEqualTo(3);
            assertThat(ids).doesNotContain(1).hasSizeLessThan(9);
            assertThat(tokenizer.words("LOWER groesse")).first().isEqualTo(List.of("lower"));
        }
    }

    @Test
    void shouldMakeAByteLevelTokenizerThatKnowsEveryText() throws IOException {
        byte[] json = VocabularyTrainer.byteLevel(TEXTS, 330);

        assertThat(vocabulary(json)).hasSizeLessThanOrEqualTo(330).hasSizeGreaterThan(300);
        try (Tokenizer tokenizer = Tokenizer.of(json)) {
            long[] ids = tokenizer.ids("lower 漢字 \uD83D\uDE00");
            assertThat(ids[0]).isZero();
            assertThat(ids).hasSizeGreaterThan(8);
            assertThat(tokenizer.ids("lower lower")).hasSizeLessThan(6);
        }
    }

    @Test
    void shouldSayHowLargeAVocabularyMayBe() {
        assertThatThrownBy(() -> VocabularyTrainer.byteLevel(TEXTS, 299))
                .hasMessage(
                        "a vocabulary must have from 300 to 100000 tokens, but is to have 299; choose another size");
    }

    private static JsonNode vocabulary(byte[] json) throws IOException {
        return new ObjectMapper().readTree(json).path("model").path("vocab");
    }
}
