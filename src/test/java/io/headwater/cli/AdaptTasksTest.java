package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.domain.Digest;
import io.headwater.engine.family.FamilyModel;
import io.headwater.engine.family.Perceptron;
import io.headwater.engine.family.Perceptron.Activation;
import io.headwater.engine.runtime.WholeModels;
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

/** Tests tasks other than single-label classification, from files through the real broker to their metrics. */
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
        String test = sets(60, 6);
        JsonNode report = adapt("multi-label-classification", "labels: [town, person]\n", ".tsv", sets(240, 5), test);

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("unpredictableTestSamples").asInt()).isZero();
        assertThat(report.get("microF1").asDouble())
                .isGreaterThan(0.8)
                .isGreaterThan(report.get("majorityMicroF1").asDouble());
        assertThat(report.get("meanAveragePrecision").asDouble()).isGreaterThan(0.8);

        // Classes outside of the list are wrong in the score, and said.
        JsonNode outside = adapt(
                "multi-label-classification",
                "labels: [town, person]\n",
                ".tsv",
                sets(240, 5),
                test + "river\ta boat on the Rhine\n".repeat(60));

        assertThat(outside.get("testSamples").asInt()).isEqualTo(120);
        assertThat(outside.get("unpredictableTestSamples").asInt()).isEqualTo(60);
        assertThat(outside.get("firstUnpredictable").asText()).contains("'river'");
        assertThat(outside.get("unusableTestSamples").asInt()).isZero();
        assertThat(outside.get("macroF1").asDouble()).isLessThan(0.67);
        for (String metric : List.of("microF1", "linearProbeMicroF1", "majorityMicroF1")) {
            assertThat(outside.get(metric).asDouble())
                    .as(metric)
                    .isLessThan(report.get(metric).asDouble());
        }
    }

    @Test
    void shouldCountEntitiesOutsideOfTheListAsNotFound() throws Exception {
        String keys = "labels: [O, B-person, B-town]\n";
        String test = sentences(40, 2) + "Rhine\tB-river\nis\tO\nlong\tO\n\n".repeat(40);

        JsonNode report = adapt("token-classification", keys, ".conll", sentences(160, 1), test);

        assertThat(report.get("testSamples").asInt()).isEqualTo(80);
        assertThat(report.get("unpredictableTestSamples").asInt()).isEqualTo(40);
        assertThat(report.get("firstUnpredictable").asText()).contains("'B-river'");
        // There are two entities in each of the first 40 sentences.
        assertThat(report.get("entityRecall").asDouble()).isLessThanOrEqualTo(80.0 / 120);
    }

    @Test
    void shouldTellNumbers() throws Exception {
        JsonNode report = adapt("regression", "", ".tsv", numbers(240, 7), numbers(60, 8) + "1.0 2.0\ttwo numbers\n");

        assertThat(report.get("unusableTestSamples").asInt()).isEqualTo(1);
        assertThat(report.get("firstUnusable").asText()).contains("has 2");

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("mae").asDouble())
                .isLessThan(report.get("majorityMae").asDouble());
        assertThat(report.get("r2").asDouble()).isPositive();
    }

    /** The sign of the first number decides which of two actions is rewarded; episodes have four steps. */
    @Test
    void shouldLearnWhatPays() throws Exception {
        FamilyModel model =
                new Perceptron(2, List.of(8, 8), 2, Activation.TANH).model("mlp", "observation", "values", 3);
        byte[] file = WholeModels.file(model, WholeModels.first(model));
        Files.write(folder.resolve("policy.onnx"), file);
        Files.writeString(folder.resolve("policy.yaml"), """
                name: random-policy
                licence: none
                model: {location: policy.onnx, digest: '%s'}
                input: {type: tensor, name: observation, shape: [2]}
                cut: %s
                """.formatted(Digest.of(file), model.features()));
        String keys = "labels: [left, right]\nreinforcement: {discount: 0.1, n-step: 2}\n";

        JsonNode report =
                adapt("reinforcement-learning", "./policy.yaml", keys, ".jsonl", episodes(150, 9), episodes(40, 10));

        assertThat(report.get("deadLetters").asInt()).isZero();
        assertThat(report.get("trainSamples").asInt()).isEqualTo(600);
        assertThat(report.get("episodes").asDouble()).isEqualTo(40);
        assertThat(report.get("meanReturn").asDouble()).isBetween(-3.0, 3.0);
        assertThat(report.get("tdError").asDouble()).isLessThan(0.7);
        assertThat(report.get("agreement").asDouble()).isBetween(0.3, 0.7);

        JsonNode cloned = adapt(
                "reinforcement-learning",
                "./policy.yaml",
                "labels: [left, right]\nreinforcement: {algorithm: behaviour-cloning}\n",
                ".jsonl",
                episodes(150, 9),
                episodes(40, 10));
        assertThat(cloned.get("accuracy").asDouble()).isBetween(0.3, 0.7);
        assertThat(cloned.get("majorityAccuracy").asDouble()).isPositive();
    }

    private static String episodes(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            List<double[]> seen = new ArrayList<>();
            List<Integer> actions = new ArrayList<>();
            List<Integer> rewards = new ArrayList<>();
            for (int step = 0; step < 4; step++) {
                seen.add(new double[] {random.nextDouble(-1, 1), random.nextDouble(-1, 1)});
                actions.add(random.nextInt(2));
                rewards.add(actions.get(step) == (seen.get(step)[0] > 0 ? 1 : 0) ? 1 : -1);
            }
            try {
                lines.append(JSON.writeValueAsString(
                                Map.of("observations", seen, "actions", actions, "rewards", rewards, "terminal", true)))
                        .append('\n');
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        return lines.toString();
    }

    private JsonNode adapt(String task, String keys, String ending, String train, String test) throws Exception {
        return adapt(task, "minilm", keys, ending, train, test);
    }

    private JsonNode adapt(String task, String base, String keys, String ending, String train, String test)
            throws Exception {
        Path config = Files.writeString(folder.resolve("task.yaml"), """
                name: tasks
                task: %s
                base: %s
                training: {learning-rate: 0.02}
                %s""".formatted(task, base, keys));
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
