package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/reliability.md names, held to the code. */
class ReliabilityTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+)(?:\\.(should\\w+))?`");

    @Test
    void shouldNameATestForEachGuarantee() throws IOException {
        assertThat(guarantees()).hasSizeGreaterThan(15).allSatisfy(row -> {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).hasSize(5);
            assertThat(NAMED.matcher(cells[3]).find()).isTrue();
        });
    }

    @Test
    void shouldNameTestsThatExist() throws IOException {
        Map<String, String> sources;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            ReliabilityTest::source,
                            (first, second) -> first + second));
        }
        List<MatchResult> named = guarantees().stream()
                .flatMap(row -> NAMED.matcher(row.split("\\|", -1)[3]).results())
                .toList();

        assertThat(named).isNotEmpty().allSatisfy(test -> {
            assertThat(sources).containsKey(test.group(1));
            if (test.group(2) != null) {
                assertThat(sources.get(test.group(1))).contains("void " + test.group(2) + "(");
            }
        });
    }

    /** The rows of the tables that end in a column of tests. */
    private static List<String> guarantees() throws IOException {
        String page = Files.readString(Path.of("docs/reliability.md"));
        return Arrays.stream(
                        page.split("\\| guarantee \\| where it ends \\| tests \\|\n\\| --- \\| --- \\| --- \\|\n", -1))
                .skip(1)
                .flatMap(table -> table.lines().takeWhile(line -> line.startsWith("|")))
                .toList();
    }

    private static String source(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
