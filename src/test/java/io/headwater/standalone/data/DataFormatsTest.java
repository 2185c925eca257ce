package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Label.AnswerSpan;
import io.headwater.domain.Label.MultiLabel;
import io.headwater.domain.Label.TokenTags;
import io.headwater.domain.Label.Values;
import io.headwater.domain.Payload;
import io.headwater.domain.Payload.Text;
import io.headwater.domain.Payload.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the data file formats of every task. */
class DataFormatsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadSentencesBetweenTabsOrBlanks() throws Exception {
        Path file = file(
                "a.conll",
                "\ufeff-DOCSTART- -X- O O\r\n\r\nEU NNP B-ORG\r\nrejects VBZ O \r\n\t\r\n# a comment\n#tag\tO\n# O\nx\tB-x");

        Dataset data = Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION);

        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items()).extracting(Item::id).containsExactly("a.conll:3", "a.conll:7");
        assertThat(data.items())
                .extracting(Item::payload)
                .containsExactly(new Text("EU rejects"), new Text("#tag # x"));
        assertThat(labels(data))
                .containsExactly(
                        new TokenTags(List.of("EU", "rejects"), List.of("B-ORG", "O")),
                        new TokenTags(List.of("#tag", "#", "x"), List.of("O", "O", "B-x")));
    }

    @Test
    void shouldLeaveOutASentenceWithABadLineAndSayWhichOnce() throws Exception {
        Path file = file("a.conll", "a\tO\n\tO\nb c\tO\n\nalone\n\nb c\tO\n\nd\t\n\ne\tO\n");

        Dataset data = Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION);

        assertThat(data.items()).extracting(Item::payload).containsExactly(new Text("e"));
        assertThat(data.faults().first())
                .containsExactly(
                        "a.conll:2: a token must not be empty or hold white space, but is ''; the sentence of line 1 is left out",
                        "a.conll:5: a line must have a token first and its tag last, but is 'alone'; the sentence of line 5 is left out",
                        "a.conll:7: a token must not be empty or hold white space, but is 'b c'; the sentence of line 7 is left out",
                        "a.conll:9: a token must have a tag, but 'd' has none; the sentence of line 9 is left out");
    }

    @Test
    void shouldRefuseASentenceWithoutEnd() throws Exception {
        Path file = file("a.conll", "word\tO\n".repeat(200_000) + "\nlast\tO\n");

        Dataset data = Dataset.open(file, TaskKind.TOKEN_CLASSIFICATION);

        assertThat(data.items()).extracting(Item::payload).containsExactly(new Text("last"));
        assertThat(data.faults().first()).singleElement().asString().contains("at most 1048576 characters");
    }

    @Test
    void shouldReadQuestionsWithAnswersByCodePointAndQuestionsWithout() throws Exception {
        Path file = file("q.json", """
                {"version": "v2.0", "more": [{"data": 1}], "data": [{"title": "x", "paragraphs": [{
                  "qas": [
                    {"id": "1", "question": "who?", "answers": [{"text": "Bo", "answer_start": 2}, {"text": "Bo", "answer_start": 2}]},
                    {"id": "2", "question": "why?", "answers": [], "is_impossible": true},
                    {"id": "3", "question": "how?", "answers": []}],
                  "context": "\ud83d\ude00 Bo sang"}]}]}
                """);

        Dataset data = Dataset.open(file, TaskKind.QUESTION_ANSWERING);

        String context = "\ud83d\ude00 Bo sang";
        assertThat(data.faults().first()).isEmpty();
        assertThat(data.items())
                .extracting(Item::payload)
                .containsExactly(
                        new TextPair("who?", context), new TextPair("why?", context), new TextPair("how?", context));
        assertThat(labels(data))
                .containsExactly(new AnswerSpan(2, "Bo"), new AnswerSpan(-1, ""), new AnswerSpan(-1, ""));
        assertThat(data.items().get(1).id()).isEqualTo("q.json:data[0].paragraphs[0].qas[1]");
    }

    @Test
    void shouldSayWhereAnAnswerIsNotWhatItSaysAndGoOn() throws Exception {
        Path file = file("q.json", """
                {"data": [7, {"paragraphs": [{"context": 1, "qas": []}, {"context": "a b", "qas": [
                  {"id": "x", "question": "?", "answers": [{"text": "b", "answer_start": 1}]},
                  {"question": "?", "answers": [{"text": "b", "answer_start": 2147483648}]},
                  {"question": "?", "answers": [{"text": "b", "answer_start": -1}]},
                  {"question": "?", "answers": [{"text": "", "answer_start": 0}]},
                  {"question": "?"},
                  {"answers": []},
                  {"question": "?", "answers": [{"text": "b", "answer_start": 2}], "is_impossible": true},
                  {"question": "?", "answers": [{"text": "b", "answer_start": 2}]}]}]},
                """);

        Dataset data = Dataset.open(file, TaskKind.QUESTION_ANSWERING);

        assertThat(labels(data)).containsExactly(new AnswerSpan(2, "b"));
        assertThat(data.faults().first()).hasSize(10);
        assertThat(data.faults().first().get(0)).startsWith("q.json:data[0]: must be an object");
        assertThat(data.faults().first().get(1)).startsWith("q.json:data[1].paragraphs[0]: ");
        assertThat(data.faults().first().get(2))
                .isEqualTo("q.json:data[1].paragraphs[1].qas[0] (id x): an answer must be in its context at code point "
                        + "'answer_start', but 'b' is not at 1");
        assertThat(data.faults().first().get(9))
                .startsWith("q.json:")
                .contains("must be JSON", "nothing behind this is read");
    }

    @Test
    void shouldReadNamedColumnsOfCsvWithQuotes() throws Exception {
        Path file = file(
                "a.csv",
                "id,premise,\"hypothesis\",gold\r\n1,\"a, \"\"b\"\"\nc\",d,yes\r\n2,e\r\n3,\"f\" g,h,no\n4,5\" disc,,no\n5,\"open,x,y\n");
        Columns columns = new Columns(Reads.TEXT, "premise", "hypothesis", "4");

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION, columns);

        assertThat(data.items())
                .extracting(Item::payload)
                .containsExactly(new TextPair("a, \"b\"\nc", "d"), new TextPair("5\" disc", ""));
        assertThat(data.items()).extracting(Item::id).containsExactly("a.csv:2", "a.csv:6");
        assertThat(data.faults().first())
                .containsExactly(
                        "a.csv:4: a row must have a value in column '4', but has 2 columns",
                        "a.csv:5: a quote must be first and last of a value or twice within it, but is not",
                        "a.csv:7: a value in quotes must end with a quote within 1048576 characters, but does not before the file ends");
    }

    @Test
    void shouldReadColumnsByNumberWithoutAHeader() throws Exception {
        Path file = file("a.tsv", "x\t\"good\" one\tpos\n\n");

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION, new Columns(Reads.TEXT, "2", null, "3"));

        assertThat(data.items()).extracting(Item::payload).containsExactly(new Text("\"good\" one"));
        assertThat(labels(data)).containsExactly(new Label.ClassLabel("pos"));
    }

    @Test
    void shouldSayWhichColumnIsMissing() throws Exception {
        Path file = file("a.tsv", "text\tgold\nx\ty\n");

        assertThatThrownBy(() ->
                        Dataset.open(file, TaskKind.TEXT_CLASSIFICATION, new Columns(Reads.TEXT, null, null, "golden")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("a.tsv", "'golden'", "[text, gold]");
        assertThatThrownBy(() -> new Columns(Reads.TEXT, "0", null, null)).hasMessageContaining("'0'");
    }

    @Test
    void shouldReadJsonLines() throws Exception {
        Path file = file(
                "a.jsonl",
                "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\"}\n[1]\n{\"text\": \"c\", \"label\": \"x\"\n"
                        + "{\"text\": [], \"label\": \"x\"}\n{\"text\": \"d\", \"label\": \"\"}\n\n{\"label\": true, \"text\": 5}");

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION);

        assertThat(data.items()).extracting(Item::payload).containsExactly(new Text("a"), new Text("5"));
        assertThat(labels(data)).containsExactly(new Label.ClassLabel("1"), new Label.ClassLabel("true"));
        assertThat(data.faults().first()).hasSize(5);
        assertThat(data.faults().first().get(0))
                .isEqualTo("a.jsonl:2: a row must have a value under 'label', but has none");
        assertThat(data.faults().first().get(2)).startsWith("a.jsonl:4: a line must be JSON, but is not: ");
    }

    @Test
    void shouldReadAnyNumberOfLabels() throws Exception {
        Dataset lines = Dataset.open(
                file("a.tsv", "a|b \tone\n\tnone\n[\"a|b\"]\tarray\na||b\tbad\n[1\tbad\n"),
                TaskKind.MULTI_LABEL_CLASSIFICATION);

        assertThat(labels(lines))
                .containsExactly(
                        new MultiLabel(Set.of("a", "b")), new MultiLabel(Set.of()), new MultiLabel(Set.of("a|b")));
        assertThat(lines.faults().first()).hasSize(2);

        Dataset objects = Dataset.open(
                file("a.jsonl", "{\"text\": \"x\", \"label\": [\"a\", \"b\"]}\n{\"text\": \"y\", \"label\": []}"),
                TaskKind.MULTI_LABEL_CLASSIFICATION);

        assertThat(labels(objects)).containsExactly(new MultiLabel(Set.of("a", "b")), new MultiLabel(Set.of()));
    }

    @Test
    void shouldReadNumbersAsLabelsAndAsInput() throws Exception {
        Path file = file("a.csv", "\"1, 2.5\",1 2\n[3],\"4,5\"\nNaN,1\n1e50,1\ntwo,1\n");

        Dataset data = Dataset.open(file, TaskKind.REGRESSION, Columns.of(Reads.NUMBERS));

        assertThat(labels(data))
                .extracting(label -> ((Values) label).values())
                .containsExactly(new float[] {1, 2.5f}, new float[] {3});
        assertThat(data.items())
                .extracting(item -> ((Payload.Tensor) item.payload()).values())
                .containsExactly(new float[] {1, 2}, new float[] {4, 5});
        assertThat(data.faults().first()).hasSize(3);
        Dataset objects = Dataset.open(
                file("a.jsonl", "{\"numbers\": [1, 2], \"label\": [0.5, 1]}\n{\"numbers\": [\"1\"], \"label\": 1}"),
                TaskKind.REGRESSION,
                Columns.of(Reads.NUMBERS));
        assertThat(objects.items()).hasSize(1);
        assertThat(objects.faults().first()).singleElement().asString().startsWith("a.jsonl:2: numbers must be");
    }

    @Test
    void shouldReadImagesBesideATable() throws Exception {
        Files.write(Files.createDirectory(folder.resolve("i")).resolve("1.png"), new byte[] {7});
        Path file = file("a.csv", "tags,image\na|b,i/1.png\na,i/2.png\na,../x.png\na,/etc/hostname\na,\na,\"a\0\"\n");
        Columns columns = new Columns(Reads.IMAGE, null, null, "tags");

        Dataset data = Dataset.open(file, TaskKind.MULTI_LABEL_CLASSIFICATION, columns);

        assertThat(data.items()).hasSize(1);
        assertThat(((Payload.EncodedImage) data.items().get(0).payload()).bytes())
                .containsExactly(7);
        assertThat(data.faults().first())
                .hasSize(5)
                .allSatisfy(fault -> assertThat(fault).contains("an image must "));
    }

    @ParameterizedTest
    @EnumSource(TaskKind.class)
    void shouldNameAFileThatIsEmptyOrNone(TaskKind task) throws Exception {
        Path empty = file("empty", "");
        assertThatThrownBy(() -> Dataset.open(empty, task))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(empty.toString(), "holds none");
        assertThatThrownBy(() -> Dataset.open(folder.resolve("gone"), task)).hasMessageContaining("gone");
        if (!List.of(
                        TaskKind.IMAGE_CLASSIFICATION,
                        TaskKind.AUDIO_CLASSIFICATION,
                        TaskKind.AUTOMATIC_SPEECH_RECOGNITION)
                .contains(task)) {
            assertThatThrownBy(() -> Dataset.open(folder, task))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(folder.toString(), task.key(), "is a folder");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN_CLASSIFICATION", "QUESTION_ANSWERING"})
    void shouldRefuseColumnsOfWhatIsNoTable(TaskKind task) throws Exception {
        Path file = file("a", "x");

        assertThatThrownBy(() -> Dataset.open(file, task, new Columns(Reads.TEXT, "1", null, null)))
                .hasMessageContaining("columns must be those of a table");
    }

    private static List<Label> labels(Dataset data) {
        return data.items().stream().map(Item::label).toList();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
