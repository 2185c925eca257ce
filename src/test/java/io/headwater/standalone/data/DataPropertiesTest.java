package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Label.AnswerSpan;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Payload;
import io.headwater.domain.Payload.Text;
import io.headwater.domain.Payload.TextPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Property tests: any file content is either read or rejected with its file name, and well-formed data is read back
 * unchanged.
 */
class DataPropertiesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CsvMapper CSV = new CsvMapper();
    private static Path folder = Path.of("");

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("headwater-data");
    }

    @AfterContainer
    static void dropFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    @Property(tries = 300)
    void shouldReadOrRefuseAnyBytes(
            @ForAll TaskKind task,
            @ForAll Reads reads,
            @ForAll @From("endings") String ending,
            @ForAll @From("contents") byte[] content)
            throws Exception {
        Path file = Files.write(folder.resolve("any" + ending), content);

        try {
            Dataset data = Dataset.open(file, task, Columns.of(reads));
            assertThat(data.items()).isNotEmpty();
            assertThat(data.faults().first())
                    .allSatisfy(fault -> assertThat(fault).startsWith("any" + ending));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining(file.toString());
        }
    }

    @Provide
    Arbitrary<String> endings() {
        return Arbitraries.of("", ".tsv", ".csv", ".jsonl", ".conll", ".json");
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<String> pieces = Arbitraries.of(
                "\"",
                ",",
                "\t",
                "\n",
                "\r",
                " ",
                "{",
                "}",
                "[",
                "]",
                ":",
                "\"data\"",
                "\"paragraphs\"",
                "\"context\"",
                "\"qas\"",
                "\"text\"",
                "\"label\"",
                "null",
                "1",
                "NaN",
                "a",
                "|",
                "O",
                "-DOCSTART-",
                "#",
                "\ufeff",
                "\0",
                "\ud83d\ude00",
                "\u0085",
                "\\u",
                "{\"data\":[",
                "{\"text\":\"x\",\"label\":",
                "{\"paragraphs\":[");
        Arbitrary<byte[]> shaped =
                pieces.list().ofMaxSize(30).map(all -> String.join("", all).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(shaped, Arbitraries.bytes().array(byte[].class).ofMaxSize(60));
    }

    @Property(tries = 200)
    void shouldReadBackCsv(@ForAll @Size(min = 1, max = 5) List<@From("cells") String> cells) throws Exception {
        List<String[]> rows =
                cells.stream().map(cell -> new String[] {"x", cell}).toList();
        Path file = folder.resolve("back.csv");
        Files.write(file, CSV.writeValueAsBytes(rows));

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items()).extracting(Item::payload).containsExactlyElementsOf(texts(cells));
    }

    @Property(tries = 200)
    void shouldReadBackJsonLines(@ForAll @Size(min = 1, max = 5) List<@From("cells") String> cells) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String cell : cells) {
            lines.add(JSON.writeValueAsString(Map.of("label", "x" + cell, "text", cell)));
        }
        Path file = Files.write(folder.resolve("back.jsonl"), lines);

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items()).extracting(Item::payload).containsExactlyElementsOf(texts(cells));
        assertThat(data.items())
                .extracting(Item::label)
                .containsExactlyElementsOf(cells.stream()
                        .map(cell -> (Label) new ClassLabel("x" + cell))
                        .toList());
    }

    @Provide
    Arbitrary<String> cells() {
        return Arbitraries.of("a", " ", "\"", ",", "\n", "\t", "\ud83d\ude00", "#", "\\", "b")
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 200)
    void shouldReadBackSentences(
            @ForAll @Size(min = 1, max = 4) List<@Size(min = 1, max = 5) List<@From("words") String>> sentences,
            @ForAll @From("separators") String separator)
            throws Exception {
        StringBuilder written = new StringBuilder();
        List<Label> expected = new ArrayList<>();
        for (List<String> words : sentences) {
            List<String> tags = words.stream().map(word -> "B-" + word.length()).toList();
            for (int i = 0; i < words.size(); i++) {
                written.append(words.get(i))
                        .append(separator)
                        .append(tags.get(i))
                        .append('\n');
            }
            written.append('\n');
            expected.add(new TokenTags(words, tags));
        }
        Path file = Files.writeString(folder.resolve("back.conll"), written);

        Dataset data = Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items()).extracting(Item::label).containsExactlyElementsOf(expected);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.of("#", "a", "\"", "B-x", "\ud83d\ude00", "\u00e9", "#b", "-");
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of("\t", " ", "  ", " x ", "\tNN\t");
    }

    @Property(tries = 200)
    void shouldReadBackAnswers(@ForAll @From("cells") String before, @ForAll @From("cells") String behind)
            throws Exception {
        String context = before + "answer" + behind;
        int start = before.codePointCount(0, before.length());
        Map<String, Object> asked =
                Map.of("question", "?", "answers", List.of(Map.of("text", "answer", "answer_start", start)));
        Path file = folder.resolve("back.json");
        Files.write(
                file,
                JSON.writeValueAsBytes(Map.of(
                        "data",
                        List.of(Map.of("paragraphs", List.of(Map.of("context", context, "qas", List.of(asked))))))));

        Dataset data = Dataset.open(file, TaskKind.QUESTION_ANSWERING);

        assertThat(data.items()).hasSize(1);
        assertThat(data.items().get(0).payload()).isEqualTo(new TextPair("?", context));
        assertThat(data.items().get(0).label()).isEqualTo(new AnswerSpan(start, "answer"));
    }

    private static List<Payload> texts(List<String> cells) {
        return cells.stream().map(cell -> (Payload) new Text(cell)).toList();
    }
}
