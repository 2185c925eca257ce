package io.headwater.fuzz;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.AdaptationFile;
import io.headwater.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Adaptations in YAML, and the canonical texts of adaptations in the lineage of versions. */
class AdaptationFuzzTest extends ReaderFuzzing {
    @Override
    void read(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            AdaptationConfig config = AdaptationFile.parse("any", text);
            AdaptationFile.parseCanonical(AdaptationFile.canonical(config));
        } catch (ConfigurationException refused) {
            // Documented for texts with faults.
        }
        try {
            AdaptationFile.parseCanonical(text);
        } catch (ConfigurationException refused) {
            // Documented for texts that are no canonical text.
        }
    }

    @Override
    Stream<byte[]> seeds() {
        try (Stream<Path> examples = Files.list(Path.of("docs/examples"))) {
            List<byte[]> texts = examples.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(AdaptationFuzzTest::bytes)
                    .toList();
            String canonical = AdaptationFile.canonical(
                    AdaptationFile.parse("any", "{name: a, task: text-classification, base: minilm}"));
            return Stream.concat(texts.stream(), Stream.of(utf8(canonical)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    long allocated() {
        return YamlTexts.ALLOCATED;
    }

    @Override
    Stream<byte[]> large() {
        return YamlTexts.large();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
