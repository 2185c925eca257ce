package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeechFoldersTest {
    private static final TaskKind SPEECH = TaskKind.AUTOMATIC_SPEECH_RECOGNITION;

    @TempDir
    private Path folder;

    @Test
    void shouldReadRecordingsWithTheirTranscriptsInAFolderAndAZip() throws Exception {
        Map<String, String> files = Map.of(
                "LibriSpeech/84/121/84-121.trans.txt", "84-121-0000 GO DO YOU HEAR\r\n84-121-0001  BUT  I AM\n",
                "LibriSpeech/84/121/84-121-0000.flac", "sound 0",
                "LibriSpeech/84/121/84-121-0001.WAV", "sound 1",
                "LibriSpeech/85/1/85-1.trans.txt", "85-1-0000 é ß\n\n",
                "LibriSpeech/85/1/85-1-0000.wav", "sound 2",
                "LibriSpeech/SPEAKERS.TXT", "; comments");
        Path corpus = folder("corpus", files);
        Path zip = zip("corpus.zip", files);

        for (Path path : List.of(corpus, zip)) {
            Dataset data = Dataset.open(path, SPEECH);

            assertThat(data.faults().first()).isEmpty();
            assertThat(data.items())
                    .extracting(Item::id, Item::label, item -> content(item.payload()))
                    .containsExactlyInAnyOrder(
                            tuple(
                                    "LibriSpeech/84/121/84-121-0000.flac",
                                    new Label.Transcript("GO DO YOU HEAR"),
                                    "sound 0"),
                            tuple("LibriSpeech/84/121/84-121-0001.WAV", new Label.Transcript("BUT  I AM"), "sound 1"),
                            tuple("LibriSpeech/85/1/85-1-0000.wav", new Label.Transcript("é ß"), "sound 2"));
        }
        assertThat(Dataset.open(corpus, SPEECH).items().stream().map(Item::id))
                .containsExactlyElementsOf(
                        Dataset.open(zip, SPEECH).items().stream().map(Item::id).toList());
    }

    @Test
    void shouldTellOfWhatCannotBeUsedWithFileAndLine() throws Exception {
        Path corpus = folder(
                "corpus",
                Map.of(
                        "a/a.trans.txt",
                                "good yes\ngone yes\nempty\ngood again\n../b/far no\n" + "x".repeat(1 << 20) + " y\n",
                        "a/good.wav", "1",
                        "a/empty.wav", "2",
                        "b/far.wav", "3"));

        Dataset data = Dataset.open(corpus, SPEECH);

        assertThat(data.items()).extracting(Item::id).containsExactly("a/good.wav");
        assertThat(data.faults().first())
                .satisfiesExactly(
                        fault -> assertThat(fault).contains("corpus/a/a.trans.txt:2: ", "'gone'"),
                        fault -> assertThat(fault).contains("corpus/a/a.trans.txt:3: ", "'empty'", "no transcript"),
                        fault -> assertThat(fault).contains("corpus/a/a.trans.txt:4: ", "'good'", "another"),
                        fault -> assertThat(fault).contains("corpus/a/a.trans.txt:5: ", "'../b/far'"),
                        fault -> assertThat(fault).contains("corpus/a/a.trans.txt:6: ", "at most 1048576 characters"),
                        fault -> assertThat(fault).contains("corpus/b/far.wav: ", ".trans.txt"));
    }

    @Test
    void shouldRefuseAFolderWithoutTranscripts() throws Exception {
        Path corpus = folder("corpus", Map.of("a/good.wav", "1"));

        assertThatThrownBy(() -> Dataset.open(corpus, SPEECH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("holds none", "a/good.wav");
    }

    @Test
    void shouldReadTranscriptsAndPathsFromATable() throws Exception {
        folder("clips", Map.of("a.wav", "1", "b.wav", "2"));
        Path table = Files.writeString(
                folder.resolve("validated.tsv"),
                "client_id\tpath\tsentence\nx\tclips/a.wav\tEs war einmal.\nx\tclips/b.wav\t \nx\tclips/c.wav\tja\n");

        Dataset data = Dataset.open(table, SPEECH, new Columns(Reads.IMAGE, "path", null, "sentence"));

        assertThat(data.items()).singleElement().satisfies(item -> {
            assertThat(item.label()).isEqualTo(new Label.Transcript("Es war einmal."));
            assertThat(content(item.payload())).isEqualTo("1");
        });
        assertThat(data.faults().first())
                .satisfiesExactly(
                        fault -> assertThat(fault).contains("validated.tsv:3: ", "transcript must say something"),
                        fault -> assertThat(fault).contains("validated.tsv:4: ", "clips/c.wav"));
    }

    /** Each line of any transcript file becomes an item or a fault, and no exception is thrown. */
    @Property(tries = 60)
    void shouldAnswerForEveryLine(@ForAll List<String> lines) throws Exception {
        Path corpus = Files.createTempDirectory("speech");
        try {
            Files.write(corpus.resolve("a.wav"), new byte[] {1});
            byte[] text = ("a first\n" + String.join("\n", lines)).getBytes(StandardCharsets.UTF_8);
            Files.write(corpus.resolve("x.trans.txt"), text);

            Dataset data = Dataset.open(corpus, SPEECH);

            assertThat(data.items()).hasSize(1);
            assertThat(data.faults().first())
                    .allSatisfy(fault -> assertThat(fault).contains("x.trans.txt:"));
        } finally {
            delete(corpus);
        }
    }

    private static void delete(Path corpus) throws IOException {
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(corpus);
    }

    private static String content(Payload payload) {
        return new String(((Payload.Waveform) payload).bytes(), StandardCharsets.UTF_8);
    }

    private Path folder(String name, Map<String, String> files) throws IOException {
        Path root = folder.resolve(name);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return root;
    }

    private Path zip(String name, Map<String, String> files) throws IOException {
        Path path = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(path);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return path;
    }
}
