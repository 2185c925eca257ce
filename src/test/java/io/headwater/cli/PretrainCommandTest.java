package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.config.BaseModelFile;
import io.headwater.domain.Digest;
import io.headwater.standalone.pretrain.DomainFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class PretrainCommandTest {
    private static final Path MODELS = Path.of("src/test/resources/models");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    static Stream<String> commandsOfThePage() throws IOException {
        return Files.readAllLines(Path.of("docs/pretraining.md")).stream()
                .filter(line -> line.startsWith("./headwater pretrain"));
    }

    static Stream<String> commandsOfTheModels() throws IOException {
        return Files.readAllLines(MODELS.resolve("README.md")).stream()
                .filter(line -> line.startsWith("headwater pretrain"));
    }

    @ParameterizedTest
    @MethodSource("commandsOfThePage")
    void shouldDoWhatThePageSays(String command) throws Exception {
        DomainFiles.write(folder);
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.remove(0);
        // Two steps suffice to test the command; other tests cover what is learned in more steps.
        within(words, "--steps", "2");
        within(words, "--episodes", "2");
        within(words, "--train", folder.resolve(after(words, "--train")).toString());
        Path out = folder.resolve(after(words, "--out"));
        within(words, "--out", out.toString());
        words.add("--json");

        JsonNode report = JSON.readTree(run(words));

        assertThat(report.get("name").asText()).isEqualTo(String.valueOf(out.getFileName()));
        assertThat(report.get("curve").asText()).isNotEmpty();
        assertThat(BaseModelFile.read(out.resolve("manifest.yaml")).name())
                .isEqualTo(report.get("name").asText());
    }

    private static String after(List<String> words, String option) {
        int at = words.indexOf(option);
        return at < 0 ? "" : words.get(at + 1);
    }

    private static void within(List<String> words, String option, String value) {
        int at = words.indexOf(option);
        if (at >= 0) {
            words.set(at + 1, value);
        }
    }

    @ParameterizedTest
    @MethodSource("commandsOfTheModels")
    void shouldHaveMadeTheModelsOfTheTestsWithTheirCommands(String command) throws Exception {
        String name = after(List.of(command.split(" ")), "--name").replace("generated-", "");
        Path model = MODELS.resolve(name);

        JsonNode record = JSON.readTree(model.resolve("pretraining.json").toFile());

        List<String> made = new ArrayList<>();
        record.get("command").forEach(word -> made.add(word.asText()));
        assertThat(String.join(" ", made)).isEqualTo(command);
        assertThat(record.get("model").asText())
                .isEqualTo(Digest.of(Files.readAllBytes(model.resolve("model.onnx")))
                        .toString());
    }

    @Test
    void shouldKeepTheModelsOfTheTestsSmall() throws IOException {
        try (Stream<Path> files = Files.walk(MODELS)) {
            long bytes = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertThat(bytes).isLessThan(4 << 20);
        }
    }

    @Test
    void shouldSayWhichOptionIsWrong() {
        List<String> words = List.of(
                "pretrain",
                "bert",
                "--train",
                "none.txt",
                "--out",
                folder.resolve("out").toString(),
                "--seed",
                "0");

        assertThat(commandLine().execute(words.toArray(String[]::new))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("seed must be a number other than 0, but is 0; choose another");
    }

    private CommandLine commandLine() {
        return HeadwaterMain.commandLine(CommandLine.defaultFactory()).setErr(new PrintWriter(err));
    }

    private String run(List<String> words) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(commandLine().execute(words.toArray(String[]::new)))
                    .as(err.toString())
                    .isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
