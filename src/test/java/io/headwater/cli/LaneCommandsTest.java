package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.EventType;
import io.headwater.config.AdaptationFile;
import io.headwater.domain.Ask;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Payload;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.ops.AdaptationRuntime;
import io.headwater.ops.LaneLog;
import io.headwater.ops.RuntimeSettings;
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
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests the commands for lanes end to end: each test has a lane of its own at a running trainer. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class LaneCommandsTest {
    private static final int FIRST = 48;

    private final StringWriter err = new StringWriter();
    private EmbeddedBroker broker;
    private AdaptationRuntime runtime;
    private Trainer trainer;
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
            training: {batch-size: 8}
            checkpoint: {steps: 3, linger: 50ms, interval: 100ms}
            """);
        runtime = AdaptationRuntime.open(
                AdaptationFile.read(adaptation),
                RuntimeSettings.local(KafkaSettings.of(broker.bootstrapServers()), store, 1));
        runtime.ensureTopics();
        trainer = runtime.trainer(TrainerListener.NONE);
        trainer.start();
    }

    @AfterAll
    void stop() throws Exception {
        trainer.stop();
        trainer.awaitEnd(Duration.ofSeconds(30));
        runtime.close();
        broker.close();
    }

    @BeforeEach
    void begin() {
        domain = "shop-" + ++domains;
        send(0, FIRST);
    }

    @Test
    void shouldPauseAndResume() {
        JsonNode paused = json("pause", "--reason", "new cameras");
        assertThat(paused.at("/lane").asText()).isEqualTo("reviews/" + domain);
        assertThat(paused.at("/state/pause/reason").asText()).contains("PAUSE by", "new cameras");
        assertThat(fails("pause")).contains("is paused since", "'headwater resume' ends the pause");

        JsonNode resumed = json("resume");
        assertThat(resumed.at("/state/pause").isMissingNode()).isTrue();
        assertThat(fails("resume")).contains("is not paused");
    }

    @Test
    void shouldPinAndUnpin() {
        JsonNode pinned = json("pin", "1");
        assertThat(pinned.at("/serving/version/number").asInt()).isEqualTo(1);
        assertThat(pinned.at("/serving/held").asBoolean()).isTrue();

        assertThat(json("unpin").at("/serving/held").asBoolean()).isFalse();
        assertThat(fails("unpin")).contains("has no pinned version");
        assertThat(fails("pin", "99")).contains("has no version 99");
    }

    @Test
    void shouldBeginAnew() {
        JsonNode begun = json("retrain");
        assertThat(begun.at("/state/restart/since").asText())
                .as(begun.toString())
                .isNotEmpty();
    }

    @Test
    void shouldShowTheSpaceOfTheStore() {
        JsonNode space = read("store --sweep --dry-run --retention-versions 1 --retention-age 1m");
        JsonNode own = find(space.at("/lanes"), "reviews/" + domain);
        assertThat(own.at("/versions").asInt()).isPositive();
        assertThat(own.at("/space/bytes").asInt()).isPositive();
        assertThat(space.at("/all/bytes").asLong())
                .isGreaterThan(own.at("/space/bytes").asLong());
        // All of the store is younger than an hour.
        assertThat(space.at("/deletes")).isEmpty();
        assertThat(space.at("/deleted").asInt()).isZero();
    }

    @Test
    void shouldListLanesWithTheirStates() {
        json("pin", "1");
        String lane = "reviews/" + domain;
        JsonNode held = find(read("lanes").at("/lanes"), lane);
        assertThat(held.at("/state").asText()).isEqualTo("HELD");
        assertThat(held.at("/serving/number").asInt()).isEqualTo(1);
        assertThat(held.at("/samples").asInt()).isEqualTo(FIRST);
        assertThat(held.at("/score/metric").asText()).isEqualTo("accuracy");
        assertThat(held.at("/score/value").asDouble()).isBetween(0.0, 1.0);

        json("unpin");
        assertThat(find(read("lanes").at("/lanes"), lane).at("/state").asText()).isEqualTo("LEARNING");
        json("pause", "--reason", "audit");
        JsonNode paused = find(read("lanes").at("/lanes"), lane);
        assertThat(paused.at("/state").asText()).isEqualTo("PAUSED");
        assertThat(paused.at("/reason").asText()).contains("audit");
    }

    @Test
    void shouldListWhatPeopleShouldLabelAndFirstWhatHasNoLabel() {
        Lane lane = new Lane("reviews", domain);
        VersionRef version = new VersionRef(lane, 1, Digest.of(new byte[] {1}), Digest.of(new byte[] {2}));
        Instant now = Instant.now();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 4; i++) {
                Ask ask = new Ask(
                        lane,
                        domain + "-" + i,
                        new Payload.Text("the room was cold"),
                        version,
                        new Label.ClassLabel("good"),
                        i == 1 ? 0.9 : 0.1 * i,
                        "margin",
                        0.5,
                        now.minusSeconds(10 - i));
                producer.send(new ProducerRecord<>(
                        "headwater.asks",
                        runtime.clients().topics().partitionOf(domain),
                        bytes(lane.key()),
                        runtime.codec().encode(EventType.ASK, ask)));
            }
            label(producer, domain + "-3", domain);
            label(producer, domain + "-2", "another");
            producer.send(new ProducerRecord<>("headwater.labels", bytes(domain + "-1"), new byte[] {1}));
        }

        JsonNode newest = read("asks reviews/" + domain);
        assertThat(newest.at("/asks").findValuesAsText("id"))
                .containsExactly(domain + "-2", domain + "-1", domain + "-0", domain + "-3");
        assertThat(newest.at("/asks").findValuesAsText("labelled")).containsExactly("false", "false", "false", "true");
        assertThat(newest.at("/unlabelled").asInt()).isEqualTo(3);
        assertThat(newest.at("/asks/0/payload").asText()).isEqualTo("the room was cold");
        assertThat(newest.at("/asks/0/answer").asText()).isEqualTo("good");

        JsonNode highest = read("asks reviews/" + domain + " --order score --limit 1");
        assertThat(highest.at("/asks").findValuesAsText("id")).containsExactly(domain + "-1");
        assertThat(highest.at("/total").asInt()).isEqualTo(4);
    }

    private void label(KafkaProducer<byte[], byte[]> producer, String id, String of) {
        LateLabel label = new LateLabel(id, of, new Label.ClassLabel("bad"), Instant.EPOCH);
        producer.send(new ProducerRecord<>(
                "headwater.labels", bytes(id), runtime.codec().encode(EventType.LATE_LABEL, label)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shouldShowTheHistoryOfALane() {
        json("rollback", "--version", "1", "--reason", "a complaint");
        JsonNode history = read("lanes show reviews/" + domain + " --evaluations 1");
        assertThat(history.at("/events").findValuesAsText("type")).contains("VERSION", "PROMOTED", "DECIDED");
        assertThat(history.at("/events").findValuesAsText("text")).anyMatch(text -> text.contains("a complaint"));
        assertThat(history.at("/evaluations")).hasSize(1);
    }

    @Test
    void shouldDrawTheScoresOfALane(@TempDir Path folder) throws Exception {
        String plot = "lanes plot reviews/" + domain;
        assertThat(read(plot).at("/scores")).isNotEmpty();

        for (Path file : List.of(folder.resolve("scores.SVG"), folder.resolve("scores.png"))) {
            assertThat(read(plot + " --out " + file).at("/file").asText()).isEqualTo(file.toString());
        }
        assertThat(folder.resolve("scores.SVG"))
                .content()
                .startsWith("<svg")
                .contains("<title>Scores of lane reviews/");
        assertThat(ImageIO.read(folder.resolve("scores.png").toFile()).getWidth())
                .isEqualTo(2000);

        assertThat(run(plot, List.of("--out", "scores.gif"), false)).isEqualTo(1);
        assertThat(run("lanes plot reviews/nobody", List.of(), false)).isEqualTo(1);
        assertThat(err.toString())
                .contains("--out must end with .svg or .png, but is 'scores.gif'", "there is no lane 'reviews/nobody'");
    }

    @Test
    void shouldListVersionsWithTheirScoresAndSizes() {
        send(FIRST, 2 * FIRST);
        JsonNode list = json("versions");
        JsonNode first = list.at("/versions/0");
        assertThat(first.at("/ref/number").asInt()).isEqualTo(1);
        assertThat(first.at("/headBytes").asLong()).isPositive();
        assertThat(first.at("/checkpointBytes").asLong()).isPositive();
        // The first version serves at once, and is scored on the samples of the next one.
        assertThat(first.at("/whileServing/metric").asText()).isEqualTo("accuracy");
        assertThat(first.at("/whileServing/value").asDouble()).isBetween(0.0, 1.0);
        int unserved = 0;
        for (JsonNode step : first.at("/lineage/steps")) {
            unserved += step.asInt();
        }
        assertThat(sum(list, "/whileServing/samples") + unserved).isEqualTo(2 * FIRST);
        assertThat(sum(list, "/whileLearning/samples")).isEqualTo(2 * FIRST);
        assertThat(list.at("/serving/reviews~1" + domain + "/version/number").asInt())
                .isPositive();
    }

    private static int sum(JsonNode list, String number) {
        int sum = 0;
        for (JsonNode version : list.at("/versions")) {
            sum += version.at(number).asInt();
        }
        return sum;
    }

    @Test
    void shouldSayWhatServedAtATime() {
        JsonNode pinned = json("pin", "1", "--reason", "an audit");
        String since = pinned.at("/serving/since").asText();
        json("promote");
        JsonNode served = json("versions", "--at", since).at("/lanes/0");
        assertThat(served.at("/version/number").asInt()).isEqualTo(1);
        assertThat(served.at("/since").asText()).isEqualTo(since);
        assertThat(served.at("/decidedBy").asText()).isEqualTo("PERSON");
        assertThat(served.at("/reason").asText()).contains("an audit");
        assertThat(Instant.parse(served.at("/until").asText())).isAfter(Instant.parse(since));

        JsonNode before = json("versions", "--at", "9d").at("/lanes/0");
        assertThat(before.at("/version").isMissingNode()).isTrue();
        assertThat(before.at("/reason").asText()).contains("no version served yet");
        assertThat(run("versions", List.of("--at", "2099-01-01T00:00:00Z"), true))
                .isEqualTo(2);
        assertThat(err.toString()).contains("must not be in the future");
    }

    @Test
    void shouldCompareVersionsOnSamplesThatNeitherWasTrainedOn() {
        int versions = read("lanes show reviews/" + domain).at("/lane/newest").asInt();
        assertThat(versions).isGreaterThan(1);
        JsonNode seen = json("compare", "1", Integer.toString(versions));
        assertThat(seen.at("/samples").asInt()).isEqualTo(FIRST);
        assertThat(seen.at("/b/learned").asInt()).isEqualTo(FIRST);
        assertThat(seen.at("/flattered").asBoolean()).isTrue();

        send(FIRST, 3 * FIRST);
        JsonNode unseen = json("compare", "1", Integer.toString(versions));
        assertThat(unseen.at("/samples").asInt()).isEqualTo(2 * FIRST);
        assertThat(unseen.at("/a/learned").asInt() + unseen.at("/b/learned").asInt())
                .isZero();
        assertThat(unseen.at("/difference").asDouble())
                .isBetween(
                        unseen.at("/interval/lower").asDouble(),
                        unseen.at("/interval/upper").asDouble());
        JsonNode same = json("compare", "1", "1");
        assertThat(same.at("/differ").asInt()).isZero();
        assertThat(fails("compare", "1", "999")).contains("has no version 999");
    }

    @Test
    void shouldForgetASample() {
        JsonNode result = json("forget", "--sample", "sample-7");
        assertThat(result.at("/found")).hasSize(1);
        assertThat(result.at("/forgotten").findValuesAsText("sampleId")).containsExactly("sample-7");
        long version = result.at("/version/number").asLong();
        assertThat(read("lanes show reviews/" + domain).at("/events").findValuesAsText("text"))
                .anyMatch(text -> text.contains("forgot sample-7"));
        assertThat(json("replay", "--version", Long.toString(version))
                        .at("/matches")
                        .asBoolean())
                .isTrue();
        assertThat(fails("forget", "--sample", "sample-7")).contains("or has forgotten it");
        assertThat(fails("forget", "--sample", "nothing")).contains("has no sample with the id 'nothing'");
    }

    @Test
    void shouldMergeALane() {
        String other = "reviews/" + domain;
        begin();
        JsonNode result = json("merge", "--from", other, "--version", "1");
        assertThat(result.at("/merged/version/lane/domain").asText()).isEqualTo(other.substring("reviews/".length()));
        assertThat(result.at("/merged/version/number").asLong()).isEqualTo(1);
        long version = result.at("/version/number").asLong();
        assertThat(read("lanes show reviews/" + domain).at("/events").findValuesAsText("text"))
                .anyMatch(text -> text.contains("merged " + other + "@1"));
        assertThat(json("replay", "--version", Long.toString(version))
                        .at("/matches")
                        .asBoolean())
                .isTrue();
        assertThat(fails("merge", "--from", other, "--version", "1")).contains("contains its samples already");
        assertThat(fails("merge", "--from", "reviews/nowhere")).contains("lane 'reviews/nowhere' has no version");

        JsonNode newest = json("merge", "--from", other);
        assertThat(newest.at("/merged/since/number").asLong()).isEqualTo(1);
    }

    @Test
    void shouldListMergeAndRemoveClasses() {
        JsonNode before = json("labels").at("/labels");
        assertThat(before.findValuesAsText("label")).containsExactlyInAnyOrder("positive", "negative");
        assertThat(before.findValuesAsText("state")).containsOnly("LEARNED");
        assertThat(before.at("/0/learned").asInt() + before.at("/1/learned").asInt())
                .isEqualTo(FIRST);
        assertThat(before.at("/0/onTopic").asInt()).isEqualTo(FIRST / 2);
        assertThat(Instant.parse(before.at("/0/lastSeen").asText()))
                .isBefore(Instant.now().plusSeconds(60));

        sendAs("postive", FIRST, FIRST + 10);
        JsonNode merged = json("labels merge", "postive", "positive", "--reason", "a typing error");
        assertThat(merged.at("/changed/into").asText()).isEqualTo("positive");
        sendAs("negtive", FIRST + 10, FIRST + 20);
        JsonNode removed = json("labels remove", "negtive");
        assertThat(removed.at("/taken").asInt()).isEqualTo(10);
        assertThat(removed.at("/changed/remaining")).isEmpty();

        // Samples of the class that was merged are of the other one, those of the removed class are of none.
        String newest = removed.at("/version/number").asText();
        JsonNode compared = json("compare", newest, newest);
        assertThat(compared.at("/samples").asInt()).isEqualTo(FIRST + 10);
        assertThat(compared.at("/a/score").asDouble()).isGreaterThan((double) FIRST / (FIRST + 10));

        JsonNode after = json("labels").at("/labels");
        assertThat(after.findValuesAsText("label"))
                .containsExactlyInAnyOrder("positive", "negative", "postive", "negtive");
        assertThat(of(after, "postive").at("/into").asText()).isEqualTo("positive");
        assertThat(of(after, "positive").at("/learned").asInt()).isEqualTo(FIRST / 2 + 10);
        assertThat(of(after, "negtive").at("/state").asText()).isEqualTo("REMOVED");
        assertThat(of(after, "negtive").at("/learned").asInt()).isZero();
        assertThat(json("labels restore", "negtive").at("/changed/action").asText())
                .isEqualTo("RESTORE_LABEL");
        assertThat(fails("labels remove", "neutral")).contains("class 'neutral' is not known");
        assertThat(run("labels", List.of(), false)).isEqualTo(2);
    }

    private static JsonNode of(JsonNode labels, String label) {
        for (JsonNode one : labels) {
            if (one.at("/label").asText().equals(label)) {
                return one;
            }
        }
        throw new AssertionError("no label " + label + " in " + labels);
    }

    @Test
    void shouldReplayTheVersionsWhoseSamplesAreStillThere() throws Exception {
        Topics topics = runtime.clients().topics();
        TopicPartition partition = topics.partition(Topic.SAMPLES, topics.partitionOf(domain));
        send(FIRST, 80);
        try (Admin admin = runtime.clients().admin()) {
            long toOffset = new LaneLog(runtime.clients(), runtime.codec())
                    .versions(new Lane("reviews", domain)::equals)
                    .get(0)
                    .lineage()
                    .toOffset();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(toOffset)))
                    .all()
                    .get();
        }

        JsonNode result = json("replay");

        assertThat(result.at("/gone").findValuesAsText("version")).containsExactly("1");
        assertThat(result.at("/gone/0/reason").asText()).contains("the log holds only 0 of them", "retention");
        assertThat(result.at("/versions"))
                .isNotEmpty()
                .allMatch(one -> one.at("/matches").asBoolean());
        assertThat(result.at("/matches").asBoolean()).isTrue();
    }

    @Test
    void shouldSayThatALaneDoesNotExist() {
        domain = "nowhere";
        assertThat(fails("pause")).contains("lane 'reviews/nowhere' has no version");
    }

    private void send(int from, int to) {
        sendAs("", from, to);
    }

    /** Sends samples of one class, or of both in turn. */
    private void sendAs(String label, int from, int to) {
        try (SampleProducer producer = new SampleProducer(runtime.clients(), runtime.codec(), Clock.systemUTC())) {
            for (int i = from; i < to; i++) {
                Payload text = new Payload.Text((i % 2 == 0 ? "a delight, number " : "a disaster, number ") + i);
                String own = !label.isEmpty() ? label : i % 2 == 0 ? "positive" : "negative";
                producer.sample(domain, "sample-" + i, text, new Label.ClassLabel(own));
            }
            producer.flush();
        }
        Lane lane = new Lane("reviews", domain);
        LaneLog log = new LaneLog(runtime.clients(), runtime.codec());
        Await.until(
                "versions",
                () -> log.versions(lane::equals).stream()
                                .mapToInt(version -> version.lineage().samples())
                                .sum()
                        >= to);
    }

    private static JsonNode find(JsonNode lanes, String lane) {
        for (JsonNode one : lanes) {
            if (one.at("/lane").asText().equals(lane)) {
                return one;
            }
        }
        throw new AssertionError("no lane " + lane + " in " + lanes);
    }

    /** Returns the output of a command that has no option {@code --lane}. */
    private JsonNode read(String command) {
        return json(command, List.of(), false);
    }

    private JsonNode json(String command, String... more) {
        return json(command, List.of(more), true);
    }

    private JsonNode json(String command, List<String> more, boolean ofLane) {
        List<String> args = new ArrayList<>(more);
        args.add("--json");
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(command, args, ofLane)).as(err.toString()).isZero();
            return new ObjectMapper().readTree(out.toByteArray());
        } catch (IOException e) {
            throw new AssertionError(out.toString(StandardCharsets.UTF_8), e);
        } finally {
            System.setOut(before);
        }
    }

    /** Returns the error output of a command that ends with exit code 1. */
    private String fails(String command, String... more) {
        err.getBuffer().setLength(0);
        assertThat(run(command, List.of(more), true)).isEqualTo(1);
        return err.toString();
    }

    private int run(String command, List<String> more, boolean ofLane) {
        List<String> args = new ArrayList<>(List.of(command.split(" ")));
        args.addAll(ofLane ? List.of("--lane", "reviews/" + domain) : List.of());
        args.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
        args.addAll(List.of("--store", store.toString()));
        args.addAll(more);
        return HeadwaterMain.commandLine(CommandLine.defaultFactory())
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
    }
}
