package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.key.Key;
import io.headwater.config.key.KeyValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/configuration.md} to the code: every key, its default, its rule and its meaning.
 * {@code -Dheadwater.write=true} writes the tables of the page anew.
 */
class ConfigurationPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| [^|]+ \\|$");
    private static final Pattern TABLE = Pattern.compile("(?m)^\\| key \\|.*\n(\\|.*\n)+");
    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final String MINIMAL = "name: reviews\ntask: text-classification\nbase: minilm\n";

    private final String page = read();
    private final String adaptation = page.substring(0, page.indexOf("## A base-model manifest"));
    private final String manifest = page.substring(adaptation.length());

    @Test
    void shouldDescribeEveryKeyAsItsTableDoes() throws IOException {
        List<String> tables = new ArrayList<>(ReferenceTables.of(AdaptationConfig.TABLE));
        tables.addAll(ReferenceTables.of(BaseModelManifest.TABLE));

        if (Boolean.getBoolean("headwater.write")) {
            Iterator<String> next = tables.iterator();
            Files.writeString(PAGE, TABLE.matcher(page).replaceAll(old -> Matcher.quoteReplacement(next.next())));
        }
        assertThat(TABLE.matcher(page).results().map(MatchResult::group)).containsExactlyElementsOf(tables);
    }

    @Test
    void shouldReadNoOtherKeysThanTheCanonicalTextWrites() throws IOException {
        String canonical = AdaptationFile.canonical(AdaptationFile.parse("x", MINIMAL));

        assertThat(AdaptationConfig.TABLE.keys(KeyValues.none()))
                .extracting(Key::path)
                .containsExactlyInAnyOrderElementsOf(paths("", new ObjectMapper().readTree(canonical)));
    }

    @Test
    void shouldGiveTheDefaultsOfAnAdaptation() {
        AdaptationConfig defaults = AdaptationFile.parse("minimal", MINIMAL);

        defaults(adaptation).forEach((key, value) -> {
            if (value.equals("required")) {
                assertThat(MINIMAL).contains(key + ": ");
            } else {
                assertThat(AdaptationFile.parse(key, MINIMAL + key + ": " + value))
                        .as(key)
                        .isEqualTo(defaults);
            }
        });
    }

    @Test
    void shouldGiveTheDefaultsOfAManifest() {
        List<String> examples = examples(manifest, example -> example.replace("location: ", "location: /models/"));
        String optional = "(?m)^ *(types|family|blocks|zeros|pooling|normalise): .*\n";

        for (String example : examples) {
            String required = example.replaceAll(optional, "");
            BaseModelManifest defaults = BaseModelFile.parse("required", required);
            defaults(manifest).forEach((key, value) -> {
                if (!value.equals("required") && !key.startsWith("input.")) {
                    assertThat(BaseModelFile.parse(key, required + key + ": " + value))
                            .isEqualTo(defaults);
                }
            });
        }
    }

    @Test
    void shouldHaveExamplesThatParse() {
        assertThat(examples(adaptation, UnaryOperator.identity()))
                .hasSize(2)
                .allSatisfy(example -> AdaptationFile.parse("example", example));
        assertThat(examples(manifest, example -> example.replace("location: ", "location: /models/")))
                .hasSize(4)
                .allSatisfy(example -> BaseModelFile.parse("example", example));
    }

    private static List<String> paths(String prefix, JsonNode object) {
        return object.properties().stream()
                .flatMap(field -> field.getValue().isObject()
                        ? paths(field.getKey() + ".", field.getValue()).stream()
                        : Stream.of(prefix + field.getKey()))
                .toList();
    }

    /** Defaults as they are written in YAML; "none" is a key with no value. */
    private static Map<String, String> defaults(String text) {
        return ROW.matcher(text)
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> row.group(2).equals("none") ? "" : row.group(2).replace("`", ""),
                        (a, b) -> b));
    }

    private static List<String> examples(String text, UnaryOperator<String> change) {
        return EXAMPLE.matcher(text)
                .results()
                .map((MatchResult example) -> change.apply(example.group(1)))
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
