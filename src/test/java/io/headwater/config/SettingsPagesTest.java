package io.headwater.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what {@code docs/operations.md}, {@code docs/security.md} and {@code docs/models.md} say of settings to the code. */
class SettingsPagesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|$");
    private static final Pattern CONFIGURATION_ROW =
            Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\| [^|]+ \\|$");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");
    /** Read by the launcher, not by the service. */
    private static final String[] OF_THE_LAUNCHER = {"HEADWATER_CACHE", "HEADWATER_JAVA_OPTS"};

    @Test
    void shouldGiveEverySettingWithItsDefault() {
        Map<String, String> described = new HashMap<>(rows("operations.md", ROW));
        described.keySet().removeIf(name -> !name.startsWith("HEADWATER_"));

        assertThat(described.keySet()).contains(OF_THE_LAUNCHER);
        for (String name : OF_THE_LAUNCHER) {
            described.remove(name);
        }
        assertThat(described).isEqualTo(settings());
    }

    @Test
    void shouldGiveTheLimitsThatHold() {
        Map<String, String> known = new HashMap<>(rows("configuration.md", CONFIGURATION_ROW));
        settings().forEach((name, value) -> known.put(asProperty(name), value));

        Map<String, String> limits = rows("security.md", ROW);

        assertThat(limits).isNotEmpty();
        assertThat(known).containsAllEntriesOf(limits);
    }

    @ParameterizedTest
    @CsvSource({"models.md, 28", "bring-your-model.md, 7"})
    void shouldShowExamplesThatParse(String name, int examples) {
        assertThat(EXAMPLE.matcher(page(name)).results().map(example -> example.group(1)))
                .hasSize(examples)
                .allSatisfy(example -> {
                    if (example.contains("task: ")) {
                        AdaptationFile.parse("example", example);
                    } else {
                        BaseModelFile.parse("example", example.replace("location: ", "location: /models/"));
                    }
                });
    }

    /** {@code headwater.topics.max-record-bytes} for {@code HEADWATER_TOPICS_MAX_RECORD_BYTES}; sections have one word. */
    private static String asProperty(String variable) {
        String dashed = variable.toLowerCase(Locale.ROOT).replace('_', '-');
        return dashed.replaceFirst("-", ".").replaceFirst("(topics|backbone|registry)-", "$1.");
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        addSettings(HeadwaterConfig.class, "HEADWATER_", settings);
        return settings;
    }

    private static void addSettings(Class<?> mapping, String prefix, Map<String, String> into) {
        for (Method setting : mapping.getDeclaredMethods()) {
            if (setting.isSynthetic()) {
                continue;
            }
            WithName other = setting.getAnnotation(WithName.class);
            String plain = other == null ? setting.getName() : other.value();
            String name = prefix + plain.replaceAll("(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
            WithDefault value = setting.getAnnotation(WithDefault.class);
            if (setting.getReturnType().isInterface()
                    && setting.getReturnType().getEnclosingClass() == HeadwaterConfig.class) {
                addSettings(setting.getReturnType(), name + "_", into);
            } else {
                into.put(name, value == null ? "none" : "`" + value.value() + "`");
            }
        }
    }

    private static Map<String, String> rows(String page, Pattern row) {
        return row.matcher(page(page))
                .results()
                .collect(Collectors.toMap(r -> r.group(1), r -> r.group(2), (a, b) -> b));
    }

    private static String page(String name) {
        try {
            return Files.readString(Path.of("docs", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
