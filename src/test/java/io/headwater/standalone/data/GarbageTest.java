package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.TaskKind;
import io.headwater.domain.Payload;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are something else than data of a task. */
class GarbageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "any.csv, TEXT_CLASSIFICATION",
        "any.tsv, MULTI_LABEL_CLASSIFICATION",
        "any.jsonl, REGRESSION",
        "any.conll, TOKEN_CLASSIFICATION",
        "any.json, QUESTION_ANSWERING",
        "any.jsonl, REINFORCEMENT_LEARNING"
    })
    void shouldRefuseWhatIsNoText(String name, TaskKind task) throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path random = Files.write(folder.resolve(name), bytes);

        assertThatThrownBy(() -> Dataset.open(random, task))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(random.toString())
                .hasMessageContaining("must be text in UTF-8")
                .hasMessageContaining("save it as UTF-8, or name another file");
        assertThatThrownBy(() -> Corpus.read(random, null)).hasMessageContaining("must be text in UTF-8");
    }

    @Test
    void shouldRefuseTextsInAnotherEncodingInsteadOfLearningReplacementCharacters() throws IOException {
        Path file = folder.resolve("data.tsv");
        Files.write(file, "хорошо\tзамечательный день\n".repeat(20).getBytes(Charset.forName("windows-1251")));

        assertThatThrownBy(() -> Dataset.open(file)).hasMessageContaining("are bytes that are no UTF-8");
    }

    @Test
    void shouldReadTextsWithSomeMalformedBytes() throws IOException {
        Path file = folder.resolve("data.tsv");
        Files.write(file, "good\ta caf\u00e9 in the old town\n".repeat(200).getBytes(StandardCharsets.ISO_8859_1));

        Dataset data = Dataset.open(file);

        assertThat(data.items()).hasSize(200);
        assertThat(data.items().get(0).payload()).isEqualTo(new Payload.Text("a caf\ufffd in the old town"));
    }

    @Test
    void shouldKeepTheFirstFaultsAndCountTheOthers() throws IOException {
        Path file = Files.writeString(folder.resolve("data.tsv"), "no label\ngood\tyes\n".repeat(1000));

        Dataset data = Dataset.open(file);

        assertThat(data.items()).hasSize(1000);
        assertThat(data.faults().count()).isEqualTo(1000);
        assertThat(data.faults().first())
                .hasSize(Faults.KEPT)
                .first()
                .asString()
                .startsWith("data.tsv:1: ");
    }

    @Test
    void shouldRefuseAFileOfWhichHardlyAnyRowIsUsable() throws IOException {
        String prose = "a sentence without any label before a tab\n".repeat(200);
        Path file = Files.writeString(folder.resolve("data.tsv"), prose + "good\tyes\n" + prose);
        Path text = Files.writeString(folder.resolve("corpus.csv"), "text,id\n" + ",1\n".repeat(400) + "a text,2\n");

        assertThatThrownBy(() -> Dataset.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("only 1 of 401 are usable: data.tsv:1: a line must be label<TAB>text");
        assertThatThrownBy(() -> Corpus.read(text, "text")).hasMessageContaining("only 1 of 401 are usable");
    }

    @Test
    void shouldNotWaitForTheEndOfALineThatHasNone() throws IOException {
        Reader endless = new Reader() {
            @Override
            public int read(char[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, 'a');
                return length;
            }

            @Override
            public void close() {}
        };
        BoundedLines lines = new BoundedLines(endless, 3 * BoundedLines.MAX_LENGTH);

        assertThatThrownBy(lines::next)
                .isInstanceOf(CharConversionException.class)
                .hasMessageContaining("line 1 has no end within");
    }

    @Test
    void shouldStopAtAParagraphThatCannotBeHeld() throws IOException {
        String good = "{\"context\": \"a b\", \"qas\": [{\"question\": \"?\", \"answers\": [{\"text\": \"b\","
                + " \"answer_start\": 2}]}]}";
        String large = "{\"context\": \"a\", \"qas\": [" + "[],".repeat(PartReader.MAX_LENGTH / 3 + 30_000) + "[]]}";
        Path file = Files.writeString(
                folder.resolve("q.json"), "{\"data\": [{\"paragraphs\": [" + good + "," + large + "," + good + "]}]}");

        Dataset data = Dataset.open(file, TaskKind.QUESTION_ANSWERING);

        assertThat(data.items()).hasSize(1);
        assertThat(data.faults().first())
                .singleElement()
                .asString()
                .contains("a paragraph with its questions must have at most", "nothing behind this is read");
    }

    /** Reads files of 3 MB that consist of as many items, or faults, as possible, in a process with a small heap. */
    @Test
    void shouldRefuseWhatDoesNotFitIntoMemoryBeforeItIsFull() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapMain.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines())
                .hasSize(SmallHeapMain.FILES)
                .allSatisfy(line -> assertThat(line)
                        .matches(".*(must fit into a quarter of the memory|holds none|must hold labelled items).*"));
    }
}
