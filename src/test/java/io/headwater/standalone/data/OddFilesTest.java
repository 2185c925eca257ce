package io.headwater.standalone.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.TaskKind;
import io.headwater.domain.Label;
import io.headwater.domain.Payload;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people have them: with headers, in other encodings, between litter, behind links. */
class OddFilesTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 1};

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "data.tsv, label_text, 'label_text'",
        "data.csv, 'text,label', 'text, label'",
        "data.csv, 'Label,Text', 'Label, Text'",
        "data.csv, 'id,sentence,sentiment', 'id, sentence, sentiment'"
    })
    void shouldNotLearnTheNamesOfColumns(String name, String header, String shown) throws IOException {
        boolean isTsv = name.endsWith(".tsv");
        Path file = Files.writeString(
                folder.resolve(name),
                (isTsv ? "label\ttext" : header) + "\n" + (isTsv ? "good\tfine" : "good,fine,x") + "\n");

        assertThatThrownBy(() -> Dataset.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 1 looks like the names of the columns, [")
                .hasMessageContaining(isTsv ? "label, text" : shown)
                .hasMessageContaining("--label label --text text")
                .hasMessageContaining("--label 1 --text 2");
    }

    @ParameterizedTest
    @CsvSource({
        // name of the file, header and row, column of the label, columns of the numbers
        "data.csv, 'heat,speed,state|1.5,-2,ok', state, ",
        "data.csv, 'id,heat,speed,state|7,1.5,-2,ok', state, 'heat,speed'",
        "data.csv, 'id,heat,speed,state|7,1.5,-2,ok', 4, '2,3'",
        "data.csv, 'id,state,numbers|7,ok,1.5 -2', state, ",
        "data.csv, 'ok,1.5,-2', , ",
        "data.csv, 'ok,1.5 -2', , ",
        "data.csv, '1.5,-2,ok', 3, ",
        "data.tsv, 'heat\tspeed\tstate|1.5\t-2\tok', state, ",
        "data.tsv, 'ok\t1.5 -2', , ",
        "data.tsv, 'ok\t1.5\t-2', , ",
    })
    void shouldReadNumbersFromColumnsOfTheirOwn(String name, String lines, String label, String numbers)
            throws IOException {
        Path file = Files.writeString(folder.resolve(name), lines.replace('|', '\n') + "\n");

        Dataset data =
                Dataset.open(file, TaskKind.TENSOR_CLASSIFICATION, new Columns(Reads.NUMBERS, numbers, null, label));

        assertThat(data.items()).singleElement().satisfies(item -> {
            assertThat(item.label()).isEqualTo(new Label.ClassLabel("ok"));
            assertThat(((Payload.Tensor) item.payload()).values()).containsExactly(1.5f, -2);
        });
    }

    @Test
    void shouldNotLearnTheNamesOfColumnsOfNumbers() throws IOException {
        Path file = Files.writeString(folder.resolve("data.csv"), "heat,speed,state\n1,2,ok\n");

        assertThatThrownBy(() -> Dataset.open(file, TaskKind.TENSOR_CLASSIFICATION, Columns.of(Reads.NUMBERS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 1 looks like the names of the columns, [heat, speed, state]")
                .hasMessageContaining("--label label");
    }

    @Test
    void shouldRefuseARowWithoutOneOfItsNumbers() throws IOException {
        Path file = Files.writeString(folder.resolve("data.csv"), "state,heat,speed\nok,1,\nok,1,2\n");

        Dataset data =
                Dataset.open(file, TaskKind.TENSOR_CLASSIFICATION, new Columns(Reads.NUMBERS, null, null, "state"));

        assertThat(data.items()).hasSize(1);
        assertThat(data.faults().toString())
                .contains("data.csv:2: each column of numbers must have one, but 1 of 2 is empty");
    }

    @Test
    void shouldReadALineLikeAHeaderWhereColumnsAreGivenByNumber() throws IOException {
        Path file = Files.writeString(folder.resolve("data.tsv"), "label\ttext\nother\tmore\n");

        Dataset data = Dataset.open(file, TaskKind.TEXT_CLASSIFICATION, new Columns(Reads.TEXT, "2", null, "1"));

        assertThat(data.items()).extracting(item -> item.label().text()).containsExactly("label", "other");
    }

    @ParameterizedTest
    @ValueSource(strings = {"question\twhat is it", "title\ta text", "good\ttext", "label\tit has a label"})
    void shouldReadRowsThatHoldSuchWordsToo(String row) throws IOException {
        Path file = Files.writeString(folder.resolve("data.tsv"), row + "\n");

        assertThat(Dataset.open(file).items()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-8"})
    void shouldReadTextByItsByteOrderMark(String charset) throws IOException {
        Path file = folder.resolve("data.tsv");
        Files.write(file, "\ufeffpos\thello Zürich\nneg\tbye\n".getBytes(Charset.forName(charset)));

        Dataset data = Dataset.open(file);

        assertThat(data.items())
                .extracting(Item::label)
                .containsExactly(new Label.ClassLabel("pos"), new Label.ClassLabel("neg"));
        assertThat(data.items().get(0).payload()).isEqualTo(new Payload.Text("hello Zürich"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE"})
    void shouldRefuseTextOfWideCharactersWithoutAMark(String charset) throws IOException {
        Path file = folder.resolve("data.tsv");
        Files.write(file, "pos\thello\n".getBytes(Charset.forName(charset)));

        assertThatThrownBy(() -> Dataset.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begins with zero bytes")
                .hasMessageContaining("save it as UTF-8");
    }

    @Test
    void shouldLeaveOutHiddenFilesAndThoseOfOperatingSystems() throws IOException {
        List<String> litter = List.of(
                ".DS_Store",
                "cat/.DS_Store",
                "cat/.ipynb_checkpoints/1-checkpoint.png",
                "__MACOSX/cat/._1.png",
                "dog/Thumbs.db",
                "dog/desktop.ini");
        for (String name : litter) {
            write(name, PNG);
        }
        write("cat/1.png", PNG);
        write("dog/2.png", PNG);
        for (Path data : List.of(folder, zipped("all.zip", StandardCharsets.UTF_8))) {
            Dataset read = Dataset.open(data);

            assertThat(read.items()).extracting(Item::id).containsExactlyInAnyOrder("cat/1.png", "dog/2.png");
            assertThat(read.faults().first())
                    .singleElement()
                    .asString()
                    .contains("6 hidden files and files of operating systems were left out");
        }
    }

    @Test
    void shouldNotTakeAnyFileForAnImage() throws IOException {
        write("cat/1.png", PNG);
        write("cat/unnamed", PNG);
        write("cat/README.md", "# Cats".getBytes(StandardCharsets.UTF_8));
        write("cat/logo.svg", "<svg/>".getBytes(StandardCharsets.UTF_8));
        write("cat/empty", new byte[0]);
        for (Path data : List.of(folder, zipped("all.zip", StandardCharsets.UTF_8))) {
            Dataset read = Dataset.open(data);

            assertThat(read.items()).extracting(Item::id).containsExactlyInAnyOrder("cat/1.png", "cat/unnamed");
            assertThat(read.faults().first())
                    .hasSize(3)
                    .allSatisfy(fault -> assertThat(fault)
                            .contains("a file must be a JPEG, PNG, GIF or BMP image, or a sound that ends in"));
        }
        Path table = Files.writeString(folder.resolve("t.tsv"), "cat\tcat/logo.svg\ncat\tcat/unnamed\n");
        Dataset rows = Dataset.open(table, TaskKind.IMAGE_CLASSIFICATION);
        assertThat(rows.items()).hasSize(1);
        assertThat(rows.faults().first()).singleElement().asString().contains("but 'cat/logo.svg' is neither");
    }

    @Test
    void shouldNotFollowLinksOutOfTheFolder() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Path secret = Files.write(folder.resolve("secret.png"), PNG);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere/dog"));
        Files.write(elsewhere.resolve("2.png"), PNG);
        Files.createDirectories(data.resolve("cat"));
        Files.write(data.resolve("cat/1.png"), PNG);
        Files.createSymbolicLink(data.resolve("cat/stolen.png"), secret);
        Files.createSymbolicLink(data.resolve("cat/same.png"), data.resolve("cat/1.png"));
        Files.createSymbolicLink(data.resolve("dog"), elsewhere);

        Dataset read = Dataset.open(data);

        assertThat(read.items()).extracting(Item::id).containsExactlyInAnyOrder("cat/1.png", "cat/same.png");
        assertThat(read.faults().first())
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault).contains("is a link to another place or to a folder"));
        Path table = Files.writeString(data.resolve("t.tsv"), "cat\tcat/stolen.png\ncat\tcat/same.png\n");
        Dataset rows = Dataset.open(table, TaskKind.IMAGE_CLASSIFICATION);
        assertThat(rows.items()).hasSize(1);
        assertThat(rows.faults().first())
                .singleElement()
                .asString()
                .contains("'cat/stolen.png' is a link to another place");
    }

    @Test
    void shouldReadTheNamesOfOldZips() throws IOException {
        write("müll/1.png", PNG);
        Path zip = zipped("old.zip", Charset.forName("IBM437"));

        assertThat(Dataset.open(zip).items())
                .singleElement()
                .satisfies(item -> assertThat(item.label().text()).isEqualTo("müll"));
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private Path zipped(String name, Charset names) throws IOException {
        Path zip = Files.createTempDirectory(folder.getParent(), "zip").resolve(name);
        List<Path> files;
        try (var walked = Files.walk(folder)) {
            files = walked.filter(Files::isRegularFile).toList();
        }
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip), names)) {
            for (Path file : files) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                out.write(Files.readAllBytes(file));
            }
        }
        return zip;
    }
}
