package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tasks other than one class, from files through the real broker to their own metrics. */
@Timeout(300)
class AdaptTasksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOWNS = List.of("Paris", "Rome", "London", "Berlin", "Madrid", "Vienna");
    private static final List<String> PEOPLE = List.of("Alice", "Robert", "Maria", "Peter", "Julia", "Thomas");

    @TempDir
    private Path folder;

    @Test
    void shouldTagEntities() throws Exception {
        JsonNode report = adapt("token-classification", "", ".conll", sentences(160, 1), sentences(40, 2));

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("entityF1").asDouble()).isGreaterThan(0.8);
        assertThat(report.get("linearProbeEntityF1").asDouble()).isPositive();
    }

    @Test
    void shouldAnswerQuestions() throws Exception {
        JsonNode report = adapt("question-answering", "", ".json", questions(160, 3), questions(40, 4));

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("f1").asDouble()).isGreaterThan(0.5);
        assertThat(report.get("exactMatch").asDouble()).isPositive();
    }

    @Test
    void shouldSayWhichOfSeveralClassesHold() throws Exception {
        JsonNode report =
                adapt("multi-label-classification", "labels: [town, person]\n", ".tsv", sets(240, 5), sets(60, 6));

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("microF1").asDouble())
                .isGreaterThan(0.8)
                .isGreaterThan(report.get("majorityMicroF1").asDouble());
        assertThat(report.get("meanAveragePrecision").asDouble()).isGreaterThan(0.8);
    }

    @Test
    void shouldTellNumbers() throws Exception {
        JsonNode report = adapt("regression", "", ".tsv", numbers(240, 7), numbers(60, 8));

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("mae").asDouble())
                .isLessThan(report.get("majorityMae").asDouble());
        assertThat(report.get("r2").asDouble()).isPositive();
    }

    private JsonNode adapt(String task, String keys, String ending, String train, String test) throws Exception {
        Path config = Files.writeString(folder.resolve("task.yaml"), """
                name: tasks
                task: %s
                base: minilm
                training: {learning-rate: 0.02}
                %s""".formatted(task, keys));
        Path trainFile = Files.writeString(folder.resolve("train" + ending), train);
        Path testFile = Files.writeString(folder.resolve("test" + ending), test);
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code = HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .execute(
                            "adapt",
                            "--config",
                            config.toString(),
                            "--train",
                            trainFile.toString(),
                            "--test",
                            testFile.toString(),
                            "--json");
            assertThat(code).isZero();
        } finally {
            System.setOut(before);
        }
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        return JSON.readTree(lines.get(lines.size() - 1));
    }

    private static String sentences(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("%s\tB-person%nwent\tO%nto\tO%n%s\tB-town%nyesterday\tO%n%n"
                    .formatted(any(PEOPLE, random), any(TOWNS, random)));
        }
        return text.toString();
    }

    private static String questions(int count, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Object> paragraphs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String town = any(TOWNS, random);
            String context = any(PEOPLE, random) + " went to " + town + " yesterday";
            paragraphs.add(Map.of(
                    "context",
                    context,
                    "qas",
                    List.of(Map.of(
                            "id",
                            "q" + i,
                            "question",
                            "which town was it?",
                            "answers",
                            List.of(Map.of("text", town, "answer_start", context.indexOf(town)))))));
        }
        return JSON.writeValueAsString(Map.of("data", List.of(Map.of("paragraphs", paragraphs))));
    }

    private static String sets(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            String town = any(TOWNS, random);
            String person = any(PEOPLE, random);
            text.append(
                    switch (random.nextInt(3)) {
                        case 0 -> "town\ta train to " + town;
                        case 1 -> "person\ta letter from " + person;
                        default -> "town|person\t" + person + " took a train to " + town;
                    });
            text.append('\n');
        }
        return text.toString();
    }

    private static String numbers(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean good = random.nextBoolean();
            text.append(good ? "1.0" : "-1.0")
                    .append(good ? "\ta wonderful day in " : "\ta terrible day in ")
                    .append(any(TOWNS, random))
                    .append('\n');
        }
        return text.toString();
    }

    private static String any(List<String> words, SplittableRandom random) {
        return words.get(random.nextInt(words.size()));
    }
}
