package io.headwater.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the code in CONTRIBUTING.md, held to the code. */
class ContributingTest {
    private static final Path SOURCES = Path.of("src/main/java/io/headwater");
    private static final Pattern CODE = Pattern.compile("`([a-z.]+)`");
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+)(?:\\.\\w+)?`");

    @Test
    void shouldNameEveryPackageInTheTableOfFloors() throws IOException {
        Set<String> named = page().lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1))
                .filter(cells -> cells.length > 2)
                .flatMap(cells -> CODE.matcher(cells[2]).results().map(match -> match.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(named).isEqualTo(packages());
    }

    @Test
    void shouldNameClassesThatExist() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Stream.of("main", "test", "bench", "browser")
                .map(tree -> Path.of("src", tree, "java"))
                .flatMap(ContributingTest::files)) {
            classes = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        List<String> named = CLASS.matcher(page())
                .results()
                .map(MatchResult::group)
                .map(name -> name.replaceAll("`|\\..*", ""))
                .toList();

        assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(classes).contains(name));
    }

    /** Half of the files are shorter than 80 lines, nine of ten shorter than 200. */
    @Test
    void shouldKeepFilesSmall() {
        List<Integer> lines = files(SOURCES)
                .filter(file -> !file.endsWith("package-info.java"))
                .map(ContributingTest::lines)
                .sorted()
                .toList();

        assertThat(lines.get(lines.size() / 2)).isLessThan(80);
        assertThat(lines.get(lines.size() * 9 / 10)).isLessThan(200);
    }

    private static Set<String> packages() {
        return files(SOURCES)
                .filter(file -> file.endsWith("package-info.java"))
                .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Path> files(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("CONTRIBUTING.md"));
    }
}
