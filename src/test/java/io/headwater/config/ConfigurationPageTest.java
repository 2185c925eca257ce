package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to the code: every key, its rule and its default. */
class ConfigurationPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| [^|]+ \\|$");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final String MINIMAL = "name: reviews\ntask: text-classification\nbase: minilm\n";

    private final String page = read();
    private final String adaptation = page.substring(0, page.indexOf("## A base-model manifest"));
    private final String manifest = page.substring(adaptation.length());

    @Test
    void shouldDescribeEveryKeyWithItsRule() {
        assertThat(rules(adaptation)).isEqualTo(rulesIn(AdaptationKeys.class));
        assertThat(rules(manifest)).isEqualTo(rulesIn(BaseModelKeys.class, AudioKeys.class));
    }

    @Test
    void shouldReadNoOtherKeysThanTheCanonicalTextWrites() {
        YamlDocument canonical =
                YamlDocument.parse("canonical", AdaptationFile.canonical(AdaptationFile.parse("x", MINIMAL)));

        assertThat(canonical.entries().keySet())
                .containsAll(rulesIn(AdaptationKeys.class).keySet());
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

    private static Map<String, String> rules(String text) {
        return ROW.matcher(text)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(3), (a, b) -> b, TreeMap::new));
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

    private static Map<String, String> rulesIn(Class<?>... keys) {
        return Arrays.stream(keys)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && Key.class.isAssignableFrom(field.getType()))
                .map(field -> {
                    try {
                        return (Key<?>) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                })
                .collect(Collectors.toMap(Key::path, Key::rule, (a, b) -> b, TreeMap::new));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/configuration.md"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
