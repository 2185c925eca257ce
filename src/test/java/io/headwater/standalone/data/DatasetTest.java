package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.TaskKind;
import io.headwater.domain.Payload;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    @TempDir
    private Path folder;

    @Test
    void shouldReadLinesInTheirOrderAndReportBadOnesByFileAndLine() throws Exception {
        Path file = text("good\tfirst\nno tab here\n\n\tno label\nbad\tsecond\twith a tab\r\ngood\t\n");

        Dataset data = Dataset.open(file);

        assertThat(data.items()).extracting(item -> item.label().text()).containsExactly("good", "bad", "good");
        assertThat(data.items()).extracting(Item::id).containsExactly("data.tsv:1", "data.tsv:5", "data.tsv:6");
        assertThat(data.items().get(1).payload()).isEqualTo(new Payload.Text("second\twith a tab"));
        assertThat(data.faults().first()).hasSize(2);
        assertThat(data.faults().first().get(0)).startsWith("data.tsv:2: ").contains("label<TAB>text");
        assertThat(data.faults().first().get(1)).startsWith("data.tsv:4: ");
    }

    @Test
    void shouldReadNumbersBetweenSpacesOrCommas() throws Exception {
        Path file = text("up\t1 -2.5,3e2 , 4\ndown\t1 two 3\nno tab\nup\t\nnan\tNaN\n");

        Dataset data = Dataset.open(file, TaskKind.TENSOR_CLASSIFICATION);

        assertThat(data.items()).extracting(item -> item.label().text()).containsExactly("up", "nan");
        Payload.Tensor tensor = (Payload.Tensor) data.items().get(0).payload();
        assertThat(tensor.shape()).containsExactly(4);
        assertThat(tensor.values()).containsExactly(1, -2.5f, 300, 4);
        assertThat(data.faults().first())
                .containsExactly(
                        "data.tsv:2: numbers must stand between spaces or commas, but number 1 is 'two'",
                        "data.tsv:3: a line must be label<TAB>numbers, but has no label before a tab",
                        "data.tsv:4: numbers must stand between spaces or commas, but number 0 is ''");
    }

    @Test
    void shouldLeaveAByteOrderMarkOutOfTheFirstLabel() throws Exception {
        assertThat(Dataset.open(text("\ufeffgood\tfirst\n")).items())
                .extracting(item -> item.label().text())
                .containsExactly("good");
    }

    @Test
    void shouldReportALineWithoutEndAndGoOnAfterIt() throws Exception {
        Path file = folder.resolve("data.tsv");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("good\tfirst\nbad\t");
            for (int i = 0; i < 300; i++) {
                out.write("a".repeat(1 << 20));
            }
            out.write("\r\nbad\tlast");
        }

        Dataset data = Dataset.open(file);

        assertThat(data.items()).extracting(Item::id).containsExactly("data.tsv:1", "data.tsv:3");
        assertThat(data.faults().first())
                .containsExactly("data.tsv:2: a line must have at most 1048576 characters, but has more");
    }

    @Property
    void shouldCutATextIntoItsLines(@ForAll @Size(max = 40) List<@From("pieces") String> pieces) throws Exception {
        String text = String.join("", pieces);

        List<String> lines = new ArrayList<>();
        BoundedLines cut = new BoundedLines(new StringReader(text));
        for (BoundedLines.Line line = cut.next(); line != null; line = cut.next()) {
            lines.add(line.text());
        }

        assertThat(lines).containsExactlyElementsOf(text.lines().toList());
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of("a", "b\t", "\n", "\r", "\r\n", "");
    }

    @Test
    void shouldReadAFileThatIsNotAllUtf8() throws Exception {
        Path file = folder.resolve("latin.tsv");
        Files.write(file, "good\tna\u00efve\nbad\tplain\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Dataset.open(file).items())
                .extracting(Item::payload)
                .containsExactly(new Payload.Text("na\ufffdve"), new Payload.Text("plain"));
    }

    @Test
    void shouldReadClassFoldersInAnOrderThatIsShuffledAndAlwaysTheSame() throws Exception {
        for (int i = 0; i < 20; i++) {
            image("cats/" + i + ".png", i);
            image("train/dogs/" + i + ".png", 100 + i);
        }
        image("stray.png", 0);

        Dataset data = Dataset.open(folder);

        assertThat(data.items()).hasSize(40);
        assertThat(data.items()).extracting(item -> item.label().text()).containsOnly("cats", "dogs");
        assertThat(data.items().subList(0, 20))
                .extracting(item -> item.label().text())
                .contains("cats", "dogs");
        assertThat(data.items()).extracting(Item::id).contains("cats/0.png", "train/dogs/19.png");
        assertThat(data.faults().first())
                .singleElement()
                .asString()
                .contains("stray.png", "folder that names its class");
        assertThat(Dataset.open(folder).items().stream().map(Item::id))
                .containsExactlyElementsOf(data.items().stream().map(Item::id).toList());
    }

    @Test
    void shouldTellSoundsFromImagesByTheEndOfTheirNames() throws Exception {
        for (String name : List.of("low/a.wav", "low/b.FLAC", "high/c.Wave", "high/d.wav.png")) {
            image(name, 1);
        }

        assertThat(Dataset.open(folder, TaskKind.AUDIO_CLASSIFICATION).items())
                .hasSize(4)
                .allSatisfy(item ->
                        assertThat(item.payload().kind()).isEqualTo(item.id().endsWith("png") ? "image" : "waveform"));
        assertThat(Dataset.open(folder).items().stream()
                        .filter(item -> item.payload() instanceof Payload.Waveform sound
                                && sound.sampleRate() == 0
                                && sound.bytes().length > 0))
                .hasSize(3);
    }

    @Test
    void shouldReadAZipOfClassFoldersAsTheFolderItself() throws Exception {
        Path zip = folder.resolve("data.ZIP");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("b/1.png", "a/1.png", "stray.png", "a/2.png")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }

        Dataset data = Dataset.open(zip);

        assertThat(data.items()).extracting(Item::id).containsExactlyInAnyOrder("a/1.png", "a/2.png", "b/1.png");
        assertThat(data.items()).allSatisfy(item -> {
            assertThat(item.label().text()).isEqualTo(item.id().substring(0, 1));
            assertThat(((Payload.EncodedImage) item.payload()).bytes())
                    .isEqualTo(item.id().getBytes(StandardCharsets.UTF_8));
        });
        assertThat(data.faults().first()).singleElement().asString().contains("data.ZIP!stray.png");
    }

    @Test
    void shouldRefuseDataThatHoldNothingAndSayWhatTheFirstFaultIs() throws Exception {
        Path bad = text("no tab\n");
        assertThatThrownBy(() -> Dataset.open(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("holds none: data.tsv:1:");

        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Dataset.open(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(empty.toString());
    }

    @Test
    void shouldSayWhichDataCannotBeRead() throws Exception {
        assertThatThrownBy(() -> Dataset.open(folder.resolve("none.tsv")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none.tsv' does not exist");

        Path noZip = Files.writeString(folder.resolve("no.zip"), "not a zip");
        assertThatThrownBy(() -> Dataset.open(noZip))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no.zip' cannot be read");
    }

    private Path text(String content) throws IOException {
        return Files.writeString(folder.resolve("data.tsv"), content);
    }

    private void image(String name, int content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {(byte) content});
    }
}
