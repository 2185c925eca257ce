package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.cli.CommandRun;
import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.standalone.SampleProducer;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, run as an operator runs it. */
@OnEmbeddedBroker
@Timeout(300)
class ServeIT {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String DOMAIN = "shop";
    private static final int SAMPLES = 100;

    @TempDir
    Path folder;

    private final Codec codec = new Codec(1 << 24);
    private final Map<String, String> settings = new TreeMap<>();
    private Clients clients;
    private int sent;

    /** On Linux, every address that begins with 127 is one of this machine. */
    private static final String OTHER_ADDRESS = "127.0.0.2";

    @BeforeEach
    void configure(BrokerUnderTest broker) throws IOException {
        Path adaptation = folder.resolve("adaptation.yaml");
        Files.writeString(adaptation, "name: reviews\ntask: text-classification\nbase: minilm\n");
        Topics topics = new Topics(broker.fresh("serve") + ".", 2, (short) 1, 1, 1 << 24);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        settings.put("HEADWATER_BOOTSTRAP_SERVERS", broker.bootstrapServers());
        settings.put("HEADWATER_TOPICS_PREFIX", topics.prefix());
        settings.put("HEADWATER_TOPICS_PARTITIONS", "2");
        settings.put("HEADWATER_GROUP", topics.prefix());
        settings.put("HEADWATER_INSTANCE", "one");
        settings.put("HEADWATER_ADAPTATION", adaptation.toString());
        settings.put("HEADWATER_STORE", folder.resolve("artifacts").toString());
    }

    @Test
    void shouldLearnAnswerAndEndGracefully() throws Exception {
        try (ServiceProcess service = started("first")) {
            // Health and metrics have no authentication.
            assertThat(service.listensOn(OTHER_ADDRESS)).isFalse();

            // When
            sendSamples();
            await(service, "samples", () -> service.metric("headwater_trainer_samples_total") >= SAMPLES);
            await(service, "a version", () -> service.metric("headwater_versions_total") >= 1);
            // A request that comes before the predictor has taken the version is a dead letter.
            await(service, "the swap", () -> service.metric("headwater_predictor_version") >= 1);
            request("question");
            await(service, "a prediction", () -> service.metric("headwater_predictor_predictions_total") >= 1);
            sendSamples();
            await(service, "samples", () -> service.metric("headwater_trainer_samples_total") >= 2 * SAMPLES);
            String metrics = service.metrics();
            service.terminate();

            // Then
            assertThat(service.endsWithin(GRACE)).as(service.log()).isTrue();
            assertThat(service.exitCode()).isIn(0, 143);
            assertThat(service.log())
                    .contains("service-started roles=TRAINER,PREDICTOR instance=one adaptation=reviews")
                    .contains("service-stopped graceful=true")
                    .doesNotContain("ERROR");
            assertThat(metrics)
                    .contains("headwater_trainer_records_total", "headwater_trainer_steps_total")
                    .contains("headwater_trainer_checkpoints_total", "headwater_serving_version");
            assertThat(predictions())
                    .extracting(Prediction::requestId, Prediction::domain)
                    .containsExactly(org.assertj.core.api.Assertions.tuple("question", DOMAIN));
            assertLineageCovers(2 * SAMPLES);
        }
    }

    @Test
    void shouldTakeOverWhereAKilledOneOfTheSameNameLeftOff() throws Exception {
        try (ServiceProcess first = started("killed")) {
            sendSamples();
            await(first, "a version", () -> first.metric("headwater_versions_total") >= 1);
            sendSamples();
            first.kill();
        }
        settings.put("QUARKUS_HTTP_HOST", "0.0.0.0");
        settings.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true");
        try (ServiceProcess second = started("successor")) {
            assertThat(second.listensOn(OTHER_ADDRESS)).isTrue();
            await(second, "everything learned", () -> learned() >= 2 * SAMPLES);
            await(second, "the swap", () -> second.metric("headwater_predictor_version") >= 1);
            request("after");
            await(second, "a prediction", () -> !predictions().isEmpty());
            second.terminate();

            assertThat(second.endsWithin(GRACE)).as(second.log()).isTrue();
            assertLineageCovers(2 * SAMPLES);
            assertThat(second.log().lines().filter(line -> line.contains("service-started")))
                    .singleElement()
                    .satisfies(line -> {
                        JsonNode entry = new ObjectMapper().readTree(line);
                        assertThat(entry.path("level").asText()).isEqualTo("INFO");
                        assertThat(entry.path("loggerName").asText()).isEqualTo("io.headwater.ops.Roles");
                    });
        }
    }

    @Test
    void shouldAnswerOverHttpOnceTheRequiredLaneServes() throws Exception {
        settings.put("HEADWATER_ROLES", "trainer,api,page");
        settings.put("HEADWATER_API_REQUIRED_LANES", "reviews/" + DOMAIN);
        try (ServiceProcess service = new ServiceProcess(folder.resolve("api.log"), settings)) {
            await(
                    service,
                    "the lane",
                    () -> service.body("/q/health/ready").contains("that serves lane 'reviews/shop'"));
            assertThat(service.status("/q/health/ready")).isEqualTo(503);

            // When
            sendSamples();
            await(service, "readiness", () -> service.status("/q/health/ready") == 200);

            // Then
            assertThat(service.post("/api/v1/lanes/reviews/shop/predict", "{\"text\": \"a delight to use\"}"))
                    .contains("\"lane\":\"reviews/shop\"", "\"prediction\":", "\"version\":");
            assertThat(service.post("/api/v1/lanes/reviews/shop/predict", "{\"text\": \"\"}"))
                    .contains("\"status\":422");
            assertThat(service.body("/v2/models/reviews~shop")).contains("\"name\":\"text\"");
            await(service, "the page", () -> service.body("/").contains("href=\"/lanes/reviews/shop\""));
            assertThat(service.body("/api/v1/lanes/reviews/shop")).contains("\"lane\":\"reviews/shop\"");
            assertThat(CommandRun.of("lanes", "--url", service.url()).out())
                    .contains("reviews/shop", "learning", "1 lanes");
            assertThat(service.body("/api/v1/nowhere")).contains("\"status\":404");
            assertThat(python(service)).isIn("", "positive", "negative");
            assertThat(service.metric("headwater_api_requests_total")).isPositive();
            service.terminate();
            assertThat(service.endsWithin(GRACE)).as(service.log()).isTrue();
            assertThat(service.log()).doesNotContain("ERROR");
        }
    }

    /** What the example in docs/api.md prints, without the version; empty where there is no Python. */
    private String python(ServiceProcess service) throws Exception {
        String page = Files.readString(Path.of("docs/api.md"));
        String example = page.substring(page.indexOf("```python\n") + 10);
        example = example.substring(0, example.indexOf("```"))
                .replace(
                        "http://localhost:8080/api/v1/lanes/messages/bike-shop",
                        service.url() + "/api/v1/lanes/reviews/shop");
        Path file = folder.resolve("example.py");
        Files.writeString(file, example);
        try {
            Process python = new ProcessBuilder("python3", file.toString())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(printed).matches("\\w+ by version \\d+\\s+");
            return printed.replaceAll(" by .*\\s+", "");
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void shouldFollowAFolderOfAdaptations() throws Exception {
        // Given
        Path files = Files.createDirectory(folder.resolve("adaptations"));
        Files.writeString(files.resolve("second.yaml"), "name: second\ntask: text-classification\nbase: minilm\n");
        settings.merge("HEADWATER_ADAPTATION", files.toString(), (file, more) -> file + "," + more);
        settings.put("HEADWATER_ADAPTATION_INTERVAL", "200ms");
        try (ServiceProcess service = started("several")) {
            sendSamples();
            await(service, "both", () -> service.metric("headwater_trainer_samples_total") >= 2 * SAMPLES);
            assertThat(service.metric("headwater_onnx_sessions")).isEqualTo(1);

            // When
            Files.writeString(files.resolve("broken.yaml"), "name: broken\ntask: poetry\nbase: minilm\n");
            Files.writeString(files.resolve("third.yaml"), "name: third\ntask: text-classification\nbase: minilm\n");

            // Then
            await(service, "the third", () -> service.metric("headwater_trainer_samples_total") >= 3 * SAMPLES);
            await(service, "the broken one", () -> service.metric("headwater_adaptations_refused") >= 1);
            await(service, "readiness", () -> service.status("/q/health/ready") == 200);
            assertThat(service.body("/q/health/ready")).contains("reviews, second, third", "broken.yaml:2");
            assertThat(service.metrics()).contains("headwater_trainer_records_total{adaptation=\"third\"");

            // When
            Files.delete(files.resolve("second.yaml"));
            Files.delete(files.resolve("broken.yaml"));

            // Then
            await(service, "their end", () -> service.log().contains("adaptation-stopped adaptation=second"));
            await(service, "no fault", () -> service.metric("headwater_adaptations_refused") == 0);
            service.terminate();
            assertThat(service.endsWithin(GRACE)).as(service.log()).isTrue();
            assertThat(service.log())
                    .contains("adaptation-started file=" + files.resolve("third.yaml"))
                    .contains("adaptation-stopped adaptation=second graceful=true")
                    .contains("service-stopped graceful=true")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void shouldNotStartAndNameEveryFault() throws Exception {
        settings.put("HEADWATER_TOPICS_PARTITIONS", "0");
        settings.put("HEADWATER_SWEEP_MINIMUM_AGE", "1m");
        settings.put("HEADWATER_ADAPTATION", folder.resolve("absent.yaml").toString());
        try (ServiceProcess service = new ServiceProcess(folder.resolve("refused.log"), settings)) {
            assertThat(service.endsWithin(Duration.ofSeconds(60))).isTrue();

            assertThat(service.exitCode()).isEqualTo(2);
            assertThat(service.log())
                    .contains("headwater.topics.partitions must be 1 to 10000, but is '0'")
                    .contains("headwater.sweep.minimum-age must be at least 1h")
                    .contains("absent.yaml: there is no such file");
        }
    }

    private ServiceProcess started(String name) throws Exception {
        ServiceProcess service = new ServiceProcess(folder.resolve(name + ".log"), settings);
        await(service, "liveness", () -> service.status("/q/health/live") == 200);
        await(service, "readiness", () -> service.status("/q/health/ready") == 200);
        return service;
    }

    private static void await(ServiceProcess service, String what, BooleanSupplier done) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!done.getAsBoolean()) {
            assertThat(service.isAlive() && System.nanoTime() - deadline < 0)
                    .as(() -> "waiting for " + what + "; " + service.log())
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void sendSamples() {
        try (SampleProducer producer = new SampleProducer(clients, codec, Clock.systemUTC())) {
            for (int i = 0; i < SAMPLES; i++, sent++) {
                Payload text = new Payload.Text((sent % 2 == 0 ? "a delight, number " : "a disaster, number ") + sent);
                producer.sample(
                        DOMAIN, "sample-" + sent, text, new Label.ClassLabel(sent % 2 == 0 ? "positive" : "negative"));
            }
            producer.flush();
        }
    }

    private void request(String id) {
        try (SampleProducer producer = new SampleProducer(clients, codec, Clock.systemUTC())) {
            producer.request(DOMAIN, id, new Payload.Text("a delight to use"));
            producer.flush();
        }
    }

    private int learned() {
        return versions().stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
    }

    private List<ModelVersion> versions() {
        return new LaneLog(clients, codec).versions(new Lane("reviews", DOMAIN)::equals);
    }

    private List<Prediction> predictions() {
        List<Prediction> predictions = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            int partition = clients.topics().partitionOf(DOMAIN);
            reader.readAll(
                    clients.topics().partition(Topic.PREDICTIONS, partition),
                    record -> predictions.add(codec.decodeOrThrow(EventType.PREDICTION, record.value())));
        }
        return predictions;
    }

    /** Every sample once: versions rise by one, each begins where the one before ended, and none is left out. */
    private void assertLineageCovers(int samples) {
        long next = 0;
        long number = 0;
        for (ModelVersion version : versions()) {
            assertThat(version.ref().number()).isEqualTo(++number);
            assertThat(version.lineage().fromOffset()).isEqualTo(next);
            next = version.lineage().toOffset();
        }
        assertThat(next).isEqualTo(samples);
        assertThat(learned()).isEqualTo(samples);
    }
}
