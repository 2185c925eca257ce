package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.Payload;
import io.headwater.domain.Sample;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
import io.headwater.predictor.Predictor;
import io.headwater.predictor.PredictorListener;
import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.SampleProducer;
import io.headwater.testing.Await;
import io.headwater.trainer.Trainer;
import io.headwater.trainer.TrainerListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests what people do about records that could not be used, at a running trainer and predictor. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class DeadLettersCommandTest {
    private final StringWriter err = new StringWriter();
    private EmbeddedBroker broker;
    private AdaptationRuntime runtime;
    private Trainer trainer;
    private Predictor predictor;
    private Path store;
    private int domains;
    private String domain;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        store = folder.resolve("artifacts");
        broker = EmbeddedBroker.startIn(folder.resolve("kafka"));
        Path adaptation = Files.writeString(folder.resolve("a.yaml"), """
                name: reviews
                task: text-classification
                base: minilm
                training: {batch-size: 4}
                checkpoint: {steps: 1, linger: 50ms, interval: 50ms}
                """);
        runtime = AdaptationRuntime.open(
                AdaptationFile.read(adaptation),
                RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), store, 2));
        runtime.ensureTopics();
        trainer = runtime.trainer(TrainerListener.NONE);
        trainer.start();
        predictor = runtime.predictor(PredictorListener.NONE);
        predictor.start();
    }

    @AfterAll
    void stop() throws Exception {
        predictor.stop();
        trainer.stop();
        predictor.awaitEnd(Duration.ofSeconds(30));
        trainer.awaitEnd(Duration.ofSeconds(30));
        runtime.close();
        broker.close();
    }

    @BeforeEach
    void begin() {
        domain = "shop-" + ++domains;
    }

    @Test
    void shouldListLettersByReasonAndShowTheirRecords() {
        sendEmptyTexts(2);
        Await.until("letters", () -> list().at("/total").asInt() == 2);

        JsonNode listed = list("--reason", "bad-payload", "--since", "1h");
        assertThat(listed.at("/counts/BAD_PAYLOAD").asInt()).isEqualTo(2);
        assertThat(listed.at("/letters/0/domain").asText()).isEqualTo(domain);
        assertThat(listed.at("/letters/0/topic").asText()).endsWith("samples");
        assertThat(list("--limit", "1").at("/letters")).hasSize(1);
        assertThat(list("--reason", "MISROUTED").at("/total").asInt()).isZero();
        assertThat(list("--since", "2999-01-01T00:00:00Z").at("/total").asInt()).isZero();

        String id = listed.at("/letters/0/id").asText();
        JsonNode shown = json("dead-letters", "show", id);
        assertThat(shown.at("/letter/reason").asText()).isEqualTo("BAD_PAYLOAD");
        assertThat(shown.at("/record").asText()).contains("empty-0");
        assertThat(fails("dead-letters", "show", "0-999999")).contains("no dead letter '0-999999'");
    }

    @Test
    void shouldLearnFromARecordOnceThatIsSentAgain() throws Exception {
        Topics topics = runtime.clients().topics();
        int elsewhere = 1 - topics.partitionOf(domain);
        try (KafkaProducer<byte[], byte[]> producer = runtime.clients().producer()) {
            for (int i = 0; i < 4; i++) {
                Sample sample =
                        new Sample("s" + i, new Payload.Text("text " + i), new Label.ClassLabel("good"), Instant.now());
                producer.send(new ProducerRecord<>(
                                topics.name(Topic.SAMPLES),
                                elsewhere,
                                domain.getBytes(StandardCharsets.UTF_8),
                                runtime.codec().encode(EventType.SAMPLE, sample)))
                        .get();
            }
        }
        Await.until("letters", () -> list("--reason", "MISROUTED").at("/total").asInt() == 4);

        assertThat(replay("--dry-run").at("/sent")).hasSize(4);
        assertThat(learned()).isZero();
        assertThat(replay().at("/sent")).hasSize(4);
        Await.until("a version of them", () -> learned() == 4);

        JsonNode again = replay();
        assertThat(again.at("/sent")).isEmpty();
        assertThat(again.at("/before")).hasSize(4);
    }

    @Test
    void shouldTellALetterOfARecordThatWasSentAgain() {
        sendEmptyTexts(1);
        Await.until("a letter", () -> list().at("/total").asInt() == 1);
        String id = list().at("/letters/0/id").asText();

        assertThat(replay(id).at("/sent")).hasSize(1);

        Await.until("another letter", () -> list().at("/total").asInt() == 2);
        assertThat(list().at("/letters/1/replayOf").asText()).isEqualTo(id);
        assertThat(fails("dead-letters", "replay", "1-999999")).contains("no dead letters [1-999999]");
    }

    @Test
    void shouldSayAtOnceWhyARequestIsRefused() {
        List<String> args = new ArrayList<>(List.of("predict", "--domain", domain, "--timeout", "100", "a question"));
        connect(args);
        assertThat(execute(args)).isEqualTo(1);
        assertThat(err.toString()).contains("question 1 was refused: NO_VERSION");
    }

    @Test
    void shouldRefuseWhatIsNoTimeOrReason() {
        assertThat(usage("--since", "yesterday")).contains("--since", "yesterday", "90m");
        assertThat(usage("--reason", "BAD_LUCK")).contains("--reason", "BAD_LUCK", "BAD_LABEL");
        assertThat(usage("--limit", "-1")).contains("--limit", "-1");
    }

    private long learned() {
        Lane lane = new Lane("reviews", domain);
        return new LaneLog(runtime.clients(), runtime.codec())
                .versions(lane::equals).stream()
                        .mapToLong(version -> version.lineage().samples())
                        .sum();
    }

    private void sendEmptyTexts(int count) {
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            for (int i = 0; i < count; i++) {
                producer.sample(domain, "empty-" + i, new Payload.Text(""), new Label.ClassLabel("good"));
            }
            producer.flush();
        }
    }

    private JsonNode list(String... more) {
        return ofLane(List.of("dead-letters"), more);
    }

    private JsonNode replay(String... more) {
        return ofLane(List.of("dead-letters", "replay"), more);
    }

    private JsonNode ofLane(List<String> command, String... more) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of("--lane", "reviews/" + domain));
        args.addAll(List.of(more));
        return json(args.toArray(String[]::new));
    }

    private JsonNode json(String... command) {
        List<String> args = new ArrayList<>(List.of(command));
        args.add("--json");
        connect(args);
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(execute(args)).as(err.toString()).isZero();
            return new ObjectMapper().readTree(out.toByteArray());
        } catch (IOException e) {
            throw new AssertionError(out.toString(StandardCharsets.UTF_8), e);
        } finally {
            System.setOut(before);
        }
    }

    private String fails(String... command) {
        List<String> args = new ArrayList<>(List.of(command));
        connect(args);
        assertThat(execute(args)).isEqualTo(1);
        return err.toString();
    }

    private String usage(String... more) {
        List<String> args = new ArrayList<>(List.of("dead-letters"));
        args.addAll(List.of(more));
        connect(args);
        assertThat(execute(args)).isEqualTo(2);
        return err.toString();
    }

    private void connect(List<String> args) {
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--store", store.toString()));
    }

    private int execute(List<String> args) {
        err.getBuffer().setLength(0);
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .setErr(new PrintWriter(err, true))
                    .execute(args.toArray(String[]::new));
        } finally {
            System.setErr(before);
            err.append(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
