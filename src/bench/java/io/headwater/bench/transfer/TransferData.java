package io.headwater.bench.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.bench.Sentences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Labelled samples that can be divided, in a format that {@code adapt} reads. */
interface TransferData {

    /** Returns the number of samples. */
    int size();

    /** Returns the stratum of a sample; {@link Subsets} preserves the shares of strata. */
    String stratum(int sample);

    /** Returns the extension of its files. */
    String ending();

    /** Returns the samples with these indices, in this order, as the content of a file. */
    String content(List<Integer> samples) throws IOException;

    /** Writes all samples in their original order. */
    default void writeAll(Path file) throws IOException {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            all.add(i);
        }
        Files.writeString(file, content(all));
    }

    /** One line per sample, which begins with its label. */
    record Lines(List<String> lines, boolean stratified) implements TransferData {
        static Lines of(Path file) throws IOException {
            return new Lines(Files.readAllLines(file), true);
        }

        @Override
        public int size() {
            return lines.size();
        }

        @Override
        public String stratum(int sample) {
            String line = lines.get(sample);
            return stratified ? line.substring(0, line.indexOf('\t')) : "";
        }

        @Override
        public String ending() {
            return ".tsv";
        }

        @Override
        public String content(List<Integer> samples) {
            StringBuilder content = new StringBuilder();
            samples.forEach(sample -> content.append(lines.get(sample)).append('\n'));
            return content.toString();
        }
    }

    /** Sentences of tagged tokens; sentences without an entity form a stratum of their own. */
    record Sentences(List<String> sentences) implements TransferData {
        static Sentences of(Path file) throws IOException {
            List<String> sentences = new ArrayList<>();
            StringBuilder sentence = new StringBuilder();
            for (String line : Files.readAllLines(file)) {
                if (!line.isBlank()) {
                    sentence.append(line).append('\n');
                } else if (!sentence.isEmpty()) {
                    sentences.add(sentence.toString());
                    sentence.setLength(0);
                }
            }
            if (!sentence.isEmpty()) {
                sentences.add(sentence.toString());
            }
            return new Sentences(sentences);
        }

        @Override
        public int size() {
            return sentences.size();
        }

        @Override
        public String stratum(int sample) {
            return sentences
                    .get(sample)
                    .lines()
                    .filter(line -> line.contains("\tB-"))
                    .map(line -> line.substring(line.indexOf("\tB-") + 3))
                    .findFirst()
                    .orElse("");
        }

        @Override
        public String ending() {
            return ".conll";
        }

        @Override
        public String content(List<Integer> samples) {
            StringBuilder content = new StringBuilder();
            samples.forEach(sample -> content.append(sentences.get(sample)).append('\n'));
            return content.toString();
        }
    }

    /**
     * Questions, each with its paragraph.
     *
     * @param articles the article of each question
     * @param paragraphs one context with one question for each question
     */
    record Questions(List<Integer> articles, List<JsonNode> paragraphs) implements TransferData {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** Reads the questions about the articles with the indices {@code kept}. */
        static Questions of(Path file, List<Integer> kept) throws IOException {
            List<Integer> articles = new ArrayList<>();
            List<JsonNode> paragraphs = new ArrayList<>();
            JsonNode data = JSON.readTree(file.toFile()).path("data");
            for (int article : kept) {
                for (JsonNode paragraph : data.path(article).path("paragraphs")) {
                    for (JsonNode question : paragraph.path("qas")) {
                        ObjectNode one = JSON.createObjectNode();
                        one.set("context", paragraph.path("context"));
                        one.putArray("qas").add(question);
                        articles.add(article);
                        paragraphs.add(one);
                    }
                }
            }
            return new Questions(articles, paragraphs);
        }

        @Override
        public int size() {
            return paragraphs.size();
        }

        @Override
        public String stratum(int sample) {
            return String.valueOf(articles.get(sample));
        }

        @Override
        public String ending() {
            return ".json";
        }

        @Override
        public String content(List<Integer> samples) throws IOException {
            ObjectNode whole = JSON.createObjectNode();
            ArrayNode all = whole.putArray("data").addObject().putArray("paragraphs");
            samples.forEach(sample -> all.add(paragraphs.get(sample)));
            return JSON.writeValueAsString(whole);
        }
    }
}
