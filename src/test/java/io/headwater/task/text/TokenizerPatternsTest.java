package io.headwater.task.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.config.LimitsConfig;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Rejection.Reason;
import io.headwater.task.PayloadView;
import io.headwater.task.Rejections;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of tokenizer files: those of published models are read, and those that would end the process are refused. */
class TokenizerPatternsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                // GPT-2, Llama 3 and Qwen, GPT-4, GPT-4o and Mistral, CLIP, T5, Falcon, BLOOM, DeepSeek, OLMo 2
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
                " {2,}",
                "[0-9][0-9][0-9]",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "[一-龥぀-ゟ゠-ヿ]+",
                "\\s+"
            })
    void shouldAcceptThePatternsOfPublishedModels(String pattern) {
        assertThatCode(() -> TokenizerFile.longestText(split(pattern))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a|a)*c",
                "(a+)+$",
                "(a*)*b",
                "(?:a?){40}b",
                "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaaaaaa",
                "(?:a|aa)+$",
                "(?:(?:a+)b?)+c",
                "a*a*b",
                "a+a+$",
                "\\s*\\s*\\S\\s*x",
                "a*(?:a*b)?c",
                "a*(?!a*b)c",
                "a*(?:(?!a*b)e)?d",
                "(a)\\1*",
                "(?<n>a|b\\g<n>c)",
                "(?x) # (\n (a+)+ # )\n",
                "x*(?i)c|x*d",
                "(?~abc)",
                "(*FAIL)",
                "(a|b",
                "a)",
                "[]a]+",
                "a{1,100000}",
                "(?:.{1,500}){2}b"
            })
    void shouldRefusePatternsThatWouldTakeForEver(String pattern) {
        assertThatThrownBy(() -> Tokenizer.of(split(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its pattern '")
                .hasMessageContaining("use another tokenizer, or a simpler pattern");
    }

    @Test
    void shouldRefuseAPatternOfANormalizer() {
        byte[] replace = file(
                "normalizer",
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(a|a)*c\"}, \"content\": \"\"}]}");

        assertThatThrownBy(() -> Tokenizer.of(replace)).hasMessageContaining("(a|a)*c");
    }

    /** The longest word is looked up piece by piece, each time from its end. */
    @Test
    void shouldRefuseWordsOfAnyLength() {
        byte[] file =
                "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"[UNK]\": 0}, \"max_input_chars_per_word\": 1000000}}"
                        .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Tokenizer.of(file))
                .hasMessageContaining("max_input_chars_per_word must be a number of at most 1000, but is 1000000");
    }

    /** The native library ends the process where a search takes more than 10,000,000 steps. */
    @Test
    void shouldRejectATextThatIsTooLongForAPattern() {
        LimitsConfig limits = new LimitsConfig(10 << 20, 1, 1, 1, 1, 2);
        try (Tokenizer tokenizer = Tokenizer.of(split("\\s*[\\r\\n]+|\\S+"));
                TextPreparation preparation = new TextPreparation(tokenizer, limits)) {
            assertThat(preparation.view(new Payload.Text("a".repeat(100)))).isInstanceOf(Outcome.Ok.class);

            Outcome<PayloadView> view = preparation.view(new Payload.Text(" ".repeat(10_400_000) + "a"));

            Rejections.assertRejected(
                    view, Reason.TOO_LARGE, "characters for the patterns of the base model's tokenizer");
        }
    }

    /** Whatever is accepted is searched for in the texts that are hardest for it. */
    @Property(tries = 300)
    void shouldOnlyAcceptPatternsThatEnd(
            @ForAll
                    @StringLength(min = 1, max = 14)
                    @Chars({
                        'a', 'b', '*', '+', '?', '(', ')', '|', '[', ']', '{', '}', '2', ',', '\\', '$', '!', '=', ':',
                        '<', '>', '^'
                    })
                    String pattern) {
        byte[] json = split(pattern);
        try {
            TokenizerFile.longestText(json);
        } catch (IllegalArgumentException e) {
            return;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try (Tokenizer tokenizer = Tokenizer.of(json)) {
                tokenizer.ids("a".repeat(8000) + "!");
                tokenizer.ids("ab".repeat(4000) + "!");
            } catch (IllegalArgumentException e) {
                // The library says that the pattern is none.
                assertThat(e).hasMessageContaining("must be a tokenizer.json");
            }
        });
    }

    @Example
    void shouldReadAFileWithoutPatterns() throws Exception {
        assertThat(TokenizerFile.longestText("{\"model\": {\"type\": \"BPE\"}}".getBytes(StandardCharsets.UTF_8)))
                .isGreaterThan(10 << 20);
    }

    private static byte[] split(String pattern) {
        ObjectNode split = JSON.createObjectNode().put("type", "Split").put("behavior", "Isolated");
        split.put("invert", false).putObject("pattern").put("Regex", pattern);
        return file("pre_tokenizer", split.toString());
    }

    private static byte[] file(String part, String content) {
        return ("{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [], \"" + part
                        + "\": "
                        + content
                        + ", \"model\": {\"type\": \"WordLevel\", \"vocab\": {\"[UNK]\": 0, \"a\": 1}, \"unk_token\": \"[UNK]\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
