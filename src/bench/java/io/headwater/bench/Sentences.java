package io.headwater.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The demo's sentences, numbered so that all are different and a feature cache has no effect. */
public final class Sentences {
    /** The classes. */
    public static final List<String> LABELS = List.of("crew", "desk", "office");

    private static final List<String> FILES = List.of("bike-shop", "hotel", "clinic");

    private Sentences() {}

    /** A labelled text. */
    public record Sentence(String label, String text) {}

    /** Returns {@code count} different sentences, the same at each call. */
    public static List<Sentence> of(int count) {
        return of(FILES, count);
    }

    /** Returns {@code count} different sentences of the given domains. */
    public static List<Sentence> of(List<String> domains, int count) {
        List<List<Sentence>> originals = domains.stream().map(Sentences::read).toList();
        List<Sentence> numbered = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            // The domains take turns, so that the distribution does not change along the stream.
            List<Sentence> domain = originals.get(i % originals.size());
            Sentence original = domain.get(i / originals.size() % domain.size());
            numbered.add(new Sentence(original.label(), original.text() + " (" + (i + 1) + ")"));
        }
        return numbered;
    }

    private static List<Sentence> read(String name) {
        try (InputStream in = Sentences.class.getResourceAsStream("/demo/" + name + ".tsv")) {
            if (in == null) {
                throw new IOException("resource /demo/" + name + ".tsv is missing from the build");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .map(line ->
                            new Sentence(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
