package io.headwater.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page of Markdown, its fenced blocks left out. */
record Page(Path file, String text) {
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    private static final Pattern LINK = Pattern.compile("(?s)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".headwater", "tour");

    /** Every page of the repository. */
    static List<Page> all() {
        try (Stream<Path> files = Files.walk(Path.of(""), 4)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !NOT_OURS.contains(file.getName(0).toString()))
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path file) {
        try {
            return new Page(file, FENCED.matcher(Files.readString(file)).replaceAll(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it links to in this repository and is not there. */
    List<String> brokenLinks() {
        List<String> broken = new ArrayList<>();
        LINK.matcher(CODE.matcher(text).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .filter(target -> !target.contains(":"))
                .filter(target -> !resolves(target))
                .forEach(target -> broken.add(file + " -> " + target));
        return broken;
    }

    private boolean resolves(String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path linked = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        return Files.exists(linked) && (hash < 0 || read(linked).anchors().contains(target.substring(hash + 1)));
    }

    /** Headings as GitHub turns them into anchors. */
    private Set<String> anchors() {
        return HEADING.matcher(text)
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** What stands in backquotes at the start of the rows of its tables. */
    List<String> names() {
        return Pattern.compile("(?m)^\\| ((?:`[^`]+`(?:, )?)+) \\|")
                .matcher(text)
                .results()
                .flatMap(row -> Stream.of(row.group(1).split(", ")))
                .map(name -> name.replace("`", ""))
                .toList();
    }
}
