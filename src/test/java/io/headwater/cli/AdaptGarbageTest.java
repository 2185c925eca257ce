package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code adapt} says of files from which nothing can be learned; it begins no work that grows with them. */
class AdaptGarbageTest {
    @TempDir
    private Path folder;

    private Path config;
    private Path good;

    @BeforeEach
    void write() throws IOException {
        config = Files.writeString(
                folder.resolve("a.yaml"),
                "name: reviews\ntask: text-classification\nbase: minilm\nlimits: {classes: 100}\n");
        good = Files.writeString(folder.resolve("good.csv"), "good,a fine day\nbad,a bad day\n".repeat(20));
    }

    @Test
    void shouldRefuseRandomBytes() throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(2).nextBytes(bytes);
        Path random = Files.write(folder.resolve("random.csv"), bytes);

        assertThat(failure(random, good)).contains("'" + random + "' must be text in UTF-8");
        assertThat(failure(good, random)).contains("'" + random + "' must be text in UTF-8");
    }

    @Test
    void shouldRefuseLabelsThatAreNone() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            rows.append("review ").append(i).append(",good\n");
        }
        Path swapped = Files.writeString(folder.resolve("swapped.csv"), rows);

        assertThat(failure(swapped, good))
                .contains("'swapped.csv' must have at most the 100 classes that limits.classes allows")
                .contains("'swapped.csv:101', which is of 'review 100'; is it the label (--label)?");
    }

    @Test
    void shouldPrintOnlyTheFirstFaultsWithoutControlCharacters() throws IOException {
        Path rows = Files.writeString(folder.resolve("rows.csv"), "without a \u001b[31mcomma\n".repeat(500));

        String said = failure(rows, good);

        assertThat(said).contains("must hold labelled items").doesNotContain("\u001b");
        assertThat(said.lines()).hasSizeLessThan(30);
    }

    /** Runs {@code adapt}, which must fail, and returns what it says on standard error. */
    private String failure(Path train, Path test) {
        StringWriter said = new StringWriter();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            CommandLine line = HeadwaterMain.commandLine(CommandLine.defaultFactory());
            line.setErr(new PrintWriter(said, true));
            int code = line.execute(
                    "adapt",
                    "--config",
                    config.toString(),
                    "--train",
                    train.toString(),
                    "--test",
                    test.toString(),
                    "--out",
                    folder.resolve("out").toString());
            assertThat(code).as(said.toString()).isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        return said + bytes.toString(StandardCharsets.UTF_8);
    }
}
