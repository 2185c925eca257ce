package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.EventType;
import io.headwater.domain.Digest;
import io.headwater.domain.Label;
import io.headwater.domain.Label.ClassLabel;
import io.headwater.domain.Lane;
import io.headwater.domain.LateEvaluation;
import io.headwater.domain.LateEvaluation.AskedSums;
import io.headwater.domain.LateEvaluation.ShadowSums;
import io.headwater.domain.LateLabel;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.Provenance;
import io.headwater.domain.Sample;
import io.headwater.domain.Serving;
import io.headwater.domain.Serving.DecidedBy;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.headwater.testing.TestTopics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Tests what people send and see about single requests. */
@OnEmbeddedBroker
@Timeout(180)
class RequestCommandsTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});
    private static final Instant BEGAN = Instant.parse("2026-01-31T10:00:00Z");

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();
    private String out = "";

    @Test
    void shouldSendALabelWithTheKeyOfItsRequest(BrokerUnderTest broker) {
        try (TestTopics topics = topics(broker)) {
            assertThat(run(topics, "label --id r1 --domain shop --label good")).isZero();
            assertThat(run(topics, "label --id r2 --domain shop --task multi-label-classification --label a|b"))
                    .isZero();
            assertThat(run(
                            topics,
                            "label --id r3 --domain shop --task question-answering --label"
                                    + " {\"start\":-1,\"text\":\"\"}"))
                    .isZero();

            assertThat(labels(topics))
                    .extracting(LateLabel::label)
                    .containsExactlyInAnyOrder(
                            new ClassLabel("good"),
                            new Label.MultiLabel(Set.of("a", "b")),
                            new Label.AnswerSpan(-1, ""));
            assertThat(labels(topics)).allSatisfy(label -> {
                assertThat(label.domain()).isEqualTo("shop");
                assertThat(label.observedAt()).isAfter(BEGAN);
            });
            assertThat(run(topics, "label --id r1 --domain shop --task regression --label much"))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("--label for regression");
        }
    }

    @Test
    void shouldSendTheLabelsOfAFileAndNameTheRowsThatAreNone(BrokerUnderTest broker) throws IOException {
        Path table = Files.writeString(folder.resolve("labels.csv"), """
            domain,id,label
            shop,r1,good
            shop,,bad
            a/b,r2,bad
            "shop",r3,"very, very good"
            shop,r4
            """);
        Path lines = Files.writeString(folder.resolve("labels.jsonl"), """
            {"id": "r1", "label": "bad"}
            {"id": "r5", "label": "good", "domain": "ignored"}
            """);
        try (TestTopics topics = topics(broker)) {
            assertThat(run(topics, "produce --labels " + table)).isZero();
            assertThat(err.toString())
                    .contains(
                            "labels.csv:3: id must be",
                            "labels.csv:4: domain must be",
                            "labels.csv:6: a row must have");
            assertThat(out).contains("sent 2 labels of requests, skipped 3 bad rows");
            assertThat(run(topics, "produce --domain cafe --skip 1 --labels " + lines))
                    .isZero();

            assertThat(labels(topics))
                    .extracting(label -> label.domain() + " " + label.id() + " "
                            + label.label().text())
                    .containsExactlyInAnyOrder("shop r1 good", "shop r3 very, very good", "cafe r5 good");
            assertThat(run(topics, "produce --skip 9 --labels " + table)).isEqualTo(2);
            assertThat(run(topics, "produce --text review --labels " + table)).isEqualTo(2);
            assertThat(err.toString()).contains("at most the 2 usable items", "leave out --numbers");
            Path other = Files.writeString(folder.resolve("other.csv"), "name,label\nr1,good\n");
            assertThat(run(topics, "produce --labels " + other)).isEqualTo(1);
            assertThat(err.toString()).contains("must have the column 'id' in its first line");
        }
    }

    @Test
    void shouldShowTheWayOfARequestToTheVersionThatLearnedIt(BrokerUnderTest broker) throws IOException {
        try (TestTopics topics = topics(broker)) {
            // Given a request that was answered wrongly, labelled wrongly, and then rightly
            String domain = topics.domain(1, 0);
            Lane lane = new Lane("reviews", domain);
            send(topics, lane, null, 1, 0, 0, List.of());
            decide(topics, version(lane, 1), BEGAN);
            topics.request(domain, "r1", "a fine day");
            topics.request(topics.domain(0, 0), "r1", "the same id in another domain");
            topics.request(domain, "r10", "another id that begins with it");
            predict(topics, domain, version(lane, 1), "r1", "bad");
            shadow(topics, domain, version(lane, 2), "r1", "fair");
            topics.flush();
            run(topics, "label --id r1 --label ugly --domain " + domain);
            run(topics, "label --id r1 --label good --domain " + domain);
            sample(topics, domain, version(lane, 1), "ugly", null);
            sample(topics, domain, version(lane, 1), "good", "ugly");
            send(topics, lane, version(lane, 1), 2, 0, 1, List.of());
            send(topics, lane, version(lane, 2), 3, 1, 2, List.of(0L));
            decide(topics, version(lane, 2), BEGAN.plusSeconds(60));
            decide(topics, version(lane, 3), BEGAN.plusSeconds(120));
            sample(topics, domain, version(lane, 1), "good", null);
            topics.flush();

            JsonNode trace = trace(topics, "r1 --domain " + domain);
            assertThat(trace.at("/requests")).hasSize(1);
            JsonNode request = trace.at("/requests/0");
            assertThat(request.at("/request/payload").asText()).isEqualTo("text");
            assertThat(request.at("/request/place/partition").asInt()).isEqualTo(1);
            assertThat(request.at("/request/place/offset").asInt()).isZero();
            assertThat(request.at("/predictions/0/version/number").asInt()).isEqualTo(1);
            assertThat(request.at("/predictions/0/answer").asText()).isEqualTo("bad");
            assertThat(request.at("/predictions/0/probability").asDouble()).isEqualTo(0.75);
            assertThat(request.at("/predictions/0/asked").asDouble()).isEqualTo(0.25);
            assertThat(request.at("/predictions/0/shadow").asBoolean()).isFalse();
            assertThat(request.at("/predictions/1/answer").asText()).isEqualTo("fair");
            assertThat(request.at("/predictions/1/shadow").asBoolean()).isTrue();
            assertThat(request.at("/labels")).hasSize(2);
            assertThat(request.at("/labels/1/corrects").asText()).isEqualTo("ugly");
            assertThat(request.at("/labels/1/delay").asDouble()).isNotNegative();
            assertThat(request.at("/samples/0/lanes/0/state").asText()).isEqualTo("CORRECTED");
            assertThat(request.at("/samples/0/lanes/0/version/number").asInt()).isEqualTo(2);
            assertThat(request.at("/samples/0/lanes/0/servedSince").asText())
                    .isEqualTo(BEGAN.plusSeconds(60).toString());
            assertThat(request.at("/samples/0/lanes/0/removedBy/number").asInt())
                    .isEqualTo(3);
            assertThat(request.at("/samples/1/corrects").asText()).isEqualTo("ugly");
            assertThat(request.at("/samples/1/lanes/0/state").asText()).isEqualTo("LEARNED");
            assertThat(request.at("/samples/1/lanes/0/version/number").asInt()).isEqualTo(3);
            assertThat(request.at("/samples/2/lanes/0/state").asText()).isEqualTo("WAITING");
            assertThat(request.at("/served/0/version/number").asInt()).isEqualTo(3);

            assertThat(trace(topics, "r1").at("/requests")).hasSize(2);
            assertThat(run(topics, "trace r1 --domain " + domain)).isZero();
            assertThat(out)
                    .contains("bad 0.750 by reviews/" + domain + "@1")
                    .contains("chosen to be labelled with probability 0.25")
                    .containsPattern("answered  \\S+  bad ")
                    .containsPattern("shadowed  \\S+  fair 0.750 by reviews/" + domain + "@2")
                    .contains("good, ", "corrects ugly")
                    .contains("learned by version 2, served since", "corrected by version 3")
                    .contains("learned by version 3", "not learned yet");
            assertThat(run(topics, "trace r2")).isEqualTo(1);
            assertThat(err.toString()).contains("is about a request 'r2'", "--since");
            assertThat(run(topics, "trace r1 --since 2999-01-01T00:00:00Z")).isEqualTo(1);
        }
    }

    /** The evaluations of the example in the documentation, which shows what is printed. */
    @Test
    void shouldCompareAChallengerWithTheAnswersToTheSameRequests(BrokerUnderTest broker) throws IOException {
        try (TestTopics topics = topics(broker)) {
            Lane lane = new Lane("messages", "bike-shop");
            Instant next = BEGAN.plusSeconds(3600);
            evaluate(topics, evaluation(version(lane, 18), BEGAN, Duration.ZERO, 8, 7, 1, new ShadowSums(7, 1, 1)));
            evaluate(topics, evaluation(version(lane, 17), BEGAN, Duration.ZERO, 50, 44, 2, null));
            // The newest event of a period counts, and the faded evaluation of the same requests does not.
            evaluate(topics, evaluation(version(lane, 17), BEGAN, Duration.ZERO, 100, 92, 7, null));
            evaluate(topics, evaluation(version(lane, 17), BEGAN, Duration.ofHours(1), 90, 80, 7, null));
            evaluate(topics, evaluation(version(lane, 17), next, Duration.ZERO, 37, 33, 5, null));
            evaluate(topics, evaluation(version(lane, 18), next, Duration.ZERO, 20, 19, 1, new ShadowSums(18, 1, 0)));
            Lane other = new Lane("messages", "hotel");
            evaluate(topics, evaluation(version(other, 1), BEGAN, Duration.ZERO, 0, 0, 3, null));
            topics.flush();

            assertThat(run(topics, "versions --late --json --lane " + lane)).isZero();
            JsonNode scores = new ObjectMapper().readTree(out).at("/late");
            assertThat(scores).hasSize(2);
            assertThat(scores.at("/0/version/number").asInt()).isEqualTo(17);
            assertThat(scores.at("/0/since").asText()).isEqualTo(BEGAN.toString());
            assertThat(scores.at("/0/labelled").asInt()).isEqualTo(137);
            assertThat(scores.at("/0/score").asDouble()).isEqualTo(125.0 / 137);
            assertThat(scores.at("/0/expired").asInt()).isEqualTo(12);
            assertThat(scores.at("/0/shadow").isObject()).isFalse();
            assertThat(scores.at("/1/version/number").asInt()).isEqualTo(18);
            assertThat(scores.at("/1/labelled").asInt()).isEqualTo(28);
            assertThat(scores.at("/1/shadow/better").asInt()).isEqualTo(2);
            assertThat(scores.at("/1/shadow/worse").asInt()).isEqualTo(1);

            assertThat(run(topics, "versions --late")).isZero();
            List<String> lines = out.lines().toList();
            assertThat(lines).hasSize(4);
            assertThat(Files.readString(Path.of("docs/api.md"))).contains(lines.get(0) + '\n' + lines.get(1) + '\n');
            assertThat(lines.get(2)).matches("messages/hotel@1 +served  - of 0 labelled, 3 expired");
            assertThat(lines.get(3)).startsWith("3 versions");
        }
    }

    private static void evaluate(TestTopics topics, LateEvaluation evaluation) {
        topics.send(
                Topic.LABEL_EVALUATIONS,
                evaluation.lane().domain(),
                evaluation.lane().key(),
                topics.codec().encode(EventType.LATE_EVALUATION, evaluation));
    }

    private static LateEvaluation evaluation(
            VersionRef version,
            Instant from,
            Duration halfLife,
            double labelled,
            double scoreSum,
            double expired,
            @Nullable ShadowSums shadow) {
        return new LateEvaluation(
                version.lane(),
                version,
                from,
                from.plusSeconds(3600),
                halfLife,
                "accuracy",
                labelled,
                scoreSum,
                List.of(),
                0,
                expired,
                List.of(),
                new AskedSums(0, 0, 0, 0, 0, 0),
                from.plusSeconds(3600),
                shadow);
    }

    private static TestTopics topics(BrokerUnderTest broker) {
        TestTopics topics = new TestTopics(broker.bootstrapServers(), broker.fresh("requests") + ".", 2, 1 << 20);
        topics.ensure();
        return topics;
    }

    private static VersionRef version(Lane lane, long number) {
        return new VersionRef(lane, number, DIGEST, DIGEST);
    }

    private static void send(
            TestTopics topics,
            Lane lane,
            @Nullable VersionRef parent,
            long number,
            long from,
            long to,
            List<Long> corrected) {
        Lineage lineage = new Lineage(
                parent,
                topics.topics().partitionOf(lane.domain()),
                from,
                to,
                List.of((int) (to - from)),
                DIGEST,
                DIGEST,
                List.of(),
                List.of(),
                null,
                "",
                List.of(),
                null,
                corrected,
                0);
        ModelVersion version =
                new ModelVersion(version(lane, number), lineage, List.of("bad", "good"), to, BEGAN, Map.of());
        topics.send(
                Topic.MODEL_VERSIONS,
                lane.domain(),
                lane.key(),
                topics.codec().encode(EventType.MODEL_VERSION, version));
    }

    private static void decide(TestTopics topics, VersionRef version, Instant since) {
        Serving serving = new Serving(version, null, DecidedBy.GATE, "better", false, since);
        topics.send(
                Topic.EVALUATIONS,
                version.lane().domain(),
                version.lane().key(),
                topics.codec().encode(EventType.SERVING, serving));
    }

    private static void predict(TestTopics topics, String domain, VersionRef version, String id, String answer) {
        send(topics, prediction(domain, version, id, answer).withAsked(0.25));
    }

    private static void shadow(TestTopics topics, String domain, VersionRef version, String id, String answer) {
        send(topics, prediction(domain, version, id, answer).asShadow());
    }

    private static Prediction prediction(String domain, VersionRef version, String id, String answer) {
        return new Prediction(
                id, domain, version, new ClassLabel(answer), Map.of(answer, 0.75f), null, false, Instant.now());
    }

    private static void send(TestTopics topics, Prediction prediction) {
        String domain = prediction.domain();
        topics.send(Topic.PREDICTIONS, domain, domain, topics.codec().encode(EventType.PREDICTION, prediction));
    }

    private static void sample(
            TestTopics topics, String domain, VersionRef version, String label, @Nullable String corrects) {
        Provenance provenance = new Provenance(
                version, Instant.now(), Instant.now(), corrects == null ? null : new ClassLabel(corrects), 0);
        Sample sample =
                new Sample("r1", new Payload.Text("a fine day"), new ClassLabel(label), Instant.now(), provenance);
        topics.send(Topic.SAMPLES, domain, domain, topics.codec().encode(EventType.SAMPLE, sample));
    }

    private static List<LateLabel> labels(TestTopics topics) {
        List<LateLabel> labels = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(topics.clients())) {
            topics.records(reader, Topic.LABELS).forEach(record -> {
                LateLabel label = topics.codec().decodeOrThrow(EventType.LATE_LABEL, record.value());
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(label.id());
                assertThat(record.partition()).isEqualTo(topics.topics().partitionOf(label.id()));
                labels.add(label);
            });
        }
        return labels;
    }

    private JsonNode trace(TestTopics topics, String arguments) throws IOException {
        assertThat(run(topics, "trace --json " + arguments)).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out);
    }

    /** Runs a command whose arguments contain no blanks. */
    private int run(TestTopics topics, String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.add("--bootstrap-servers=" + topics.bootstrapServers());
        arguments.add("--topics-prefix=" + topics.topics().prefix());
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream remarks = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(remarks, true, StandardCharsets.UTF_8));
        try {
            return HeadwaterMain.commandLine(CommandLine.defaultFactory())
                    .setErr(new PrintWriter(err, true))
                    .execute(arguments.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = printed.toString(StandardCharsets.UTF_8);
            err.append(remarks.toString(StandardCharsets.UTF_8));
        }
    }
}
