package io.headwater.fuzz;

import static io.headwater.fuzz.ReaderFuzzing.repeated;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts that are costly for readers of YAML. */
final class YamlTexts {
    /** The parser copies what it has read ahead for each kilobyte of a long scalar, and drops the copy before. */
    static final long ALLOCATED = 5_000_000_000L;

    private YamlTexts() {}

    static Stream<byte[]> large() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        IntStream.range(1, 40).forEach(i -> laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1)));
        StringBuilder keys = new StringBuilder();
        IntStream.range(0, 100_000).forEach(i -> keys.append("k%d: 1\n".formatted(i)));
        return Stream.of(
                repeated("name: ", "[", ""),
                repeated("", "a: {", ""),
                repeated("labels: [", "a, ", "]"),
                repeated("labels:\n", "- a\n", ""),
                repeated("name: \"", "\\u0061", "\""),
                repeated("name: ", "a", ""),
                repeated("? ", "? ", ""),
                repeated("", "- ", ""),
                repeated("name: ", "!", ""),
                repeated("", "---\n", ""),
                repeated("", "#\n", ""),
                ReaderFuzzing.utf8(laughs.toString()),
                ReaderFuzzing.utf8(keys.toString()));
    }
}
