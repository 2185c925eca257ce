package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Codec;
import io.headwater.codec.EventType;
import io.headwater.domain.Label;
import io.headwater.domain.Lane;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.engine.runtime.OnnxSession;
import io.headwater.kafka.Clients;
import io.headwater.kafka.KafkaSettings;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.kafka.Topics;
import io.headwater.standalone.SampleProducer;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.OnEmbeddedBroker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The adaptations of a folder in one process, with the built-in encoder. */
@OnEmbeddedBroker
@Timeout(300)
class SeveralAdaptationsIT {
    private static final String DOMAIN = "shop";
    private static final int SAMPLES = 40;

    @TempDir
    Path folder;

    private final Codec codec = new Codec(1 << 24);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Path files;
    private Clients clients;
    private Roles roles;
    private String bootstrapServers;

    @BeforeEach
    void configure(BrokerUnderTest broker) throws IOException {
        bootstrapServers = broker.bootstrapServers();
        files = Files.createDirectory(folder.resolve("adaptations"));
        Topics topics = new Topics(broker.fresh("several") + ".", 1, (short) 1, 1, 1 << 24);
        clients = new Clients(KafkaSettings.of(broker.bootstrapServers()), topics);
        Map<String, String> settings = new TreeMap<>(Map.of(
                "headwater.bootstrap-servers", broker.bootstrapServers(),
                "headwater.topics.prefix", topics.prefix(),
                "headwater.topics.partitions", "1",
                "headwater.instance", "one",
                "headwater.adaptation", files.toString(),
                "headwater.adaptation-interval", "PT1H", // the test itself looks
                "headwater.store", folder.resolve("artifacts").toString()));
        roles = new Roles(TestSettings.of(settings), metrics, OpenTelemetry.noop());
    }

    @AfterEach
    void stop() throws Exception {
        roles.stop();
    }

    @Test
    void shouldRunTheFilesOfAFolderOnOneBaseModelAndFollowItsChanges() throws Exception {
        // Given
        int before = OnnxSession.count();
        write("first.yaml", "name: first\ntask: text-classification\nbase: minilm\n");
        write("second.yaml", "name: second\ntask: text-classification\nbase: minilm\ntraining.seed: 5\n");

        // When
        roles.start();

        // Then each learns and answers for itself, on one base model
        assertThat(OnnxSession.count()).isEqualTo(before + 1);
        sendSamples();
        awaitLearned("first");
        awaitLearned("second");
        assertThat(roles.adaptations()).containsExactly("first", "second");
        awaitServing("first");
        awaitServing("second");
        request("one", "first");
        request("two", "second");
        Await.until("two predictions", () -> predictions().size() == 2);
        assertThat(predictions()).containsOnly(Map.entry("one", "first"), Map.entry("two", "second"));
        double steps = steps("first");

        // When a file is added, its adaptation starts, and the others go on
        write("third.yaml", "name: third\ntask: text-classification\nbase: minilm\n");
        roles.look();
        assertThat(roles.adaptations()).as("a file that may still be written").hasSize(2);
        roles.look();
        assertThat(roles.adaptations()).containsExactly("first", "second", "third");
        awaitLearned("third");
        assertThat(steps("first")).isEqualTo(steps);
        assertThat(OnnxSession.count()).isEqualTo(before + 1);

        // When a file that cannot be used is added, it is reported with all that is wrong
        write("broken.yaml", "name: broken\ntask: poetry\nbase: minilm\ntraining.batch-size: -1\n");
        write("twin.yaml", "name: first\ntask: text-classification\nbase: minilm\n");
        lookTwice();
        assertThat(roles.refused())
                .anySatisfy(line -> assertThat(line).contains("broken.yaml:2", "task"))
                .anySatisfy(line -> assertThat(line).contains("broken.yaml:4", "batch-size"))
                .anySatisfy(line -> assertThat(line).contains("twin.yaml", "name must be that of one adaptation only"));
        assertThat(metrics.get("headwater.adaptations.refused").gauge().value()).isEqualTo(2);
        Await.until("readiness", roles::isReady);
        assertThat(roles.failures()).isEmpty();

        // When files are removed
        Files.delete(files.resolve("third.yaml"));
        Files.delete(files.resolve("broken.yaml"));
        Files.delete(files.resolve("twin.yaml"));
        lookTwice();
        assertThat(roles.adaptations()).containsExactly("first", "second");
        assertThat(roles.refused()).isEmpty();
        assertThat(metrics.getMeters())
                .extracting(Meter::getId)
                .noneMatch(id -> "third".equals(id.getTag("adaptation")));

        // When a file is changed, its adaptation goes on with what it says now
        write("second.yaml", "name: second\ntask: text-classification\nbase: minilm\ntraining.seed: 6\n");
        lookTwice();
        Await.until("readiness", roles::isReady);
        sendSamples();
        Await.until("the samples of both", () -> learned("first") == 2 * SAMPLES && learned("second") == 2 * SAMPLES);
        assertThat(configurations("first")).isEqualTo(1);
        assertThat(configurations("second")).isEqualTo(2);
        assertThat(roles.failures()).isEmpty();
    }

    @Test
    void shouldGoOnWhileItsFolderIsAwayAndWhileAChangedFileCannotBeUsed() throws Exception {
        // Given
        Path file = write("first.yaml", "name: first\ntask: text-classification\nbase: minilm\n");
        roles.start();
        Await.until("readiness", roles::isReady);

        // When a file is added whose base model is damaged
        Files.createDirectory(files.resolve("models"));
        write("models/policy.onnx", "damaged");
        write("models/policy.yaml", """
                name: policy
                licence: MIT
                family: mlp
                model:
                  location: policy.onnx
                  digest: sha256:%s
                input:
                  type: tensor
                  name: observation
                  shape: [4]
                cut: features
                """.formatted("0".repeat(64)));
        Path driver = write("driver.yaml", "name: driver\ntask: tensor-classification\nbase: models/policy.yaml\n");
        lookTwice();
        assertThat(roles.refused())
                .singleElement()
                .asString()
                .startsWith(driver + ": ")
                .contains("policy.onnx");
        assertThat(roles.isReady()).isTrue();
        Files.delete(driver);

        // When its file becomes one that cannot be used
        write("first.yaml", "name: first\ntask: text-classification\nbase: grandiose\n");
        lookTwice();
        assertThat(roles.refused()).singleElement().asString().contains("first.yaml: base 'grandiose'");
        assertThat(roles.isReady()).isTrue();

        // When the folder is empty, as where a volume is not mounted
        Files.delete(file);
        lookTwice();
        assertThat(roles.refused()).anySatisfy(line -> assertThat(line).contains("has no file"));
        assertThat(roles.adaptations()).containsExactly("first");
        sendSamples();
        awaitLearned("first");
        assertThat(roles.isReady()).isTrue();
    }

    @Test
    void shouldStartAnAdaptationAgainThatEndedByItselfWithoutTheOthers() throws Exception {
        // Given a lane whose state another release wrote, so that its trainer ends
        write("first.yaml", "name: first\ntask: text-classification\nbase: minilm\n");
        roles.start();
        Await.until("readiness", roles::isReady);
        state("second", new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9});

        // When
        write("second.yaml", "name: second\ntask: text-classification\nbase: minilm\n");
        lookTwice();

        // Then
        Await.until("a failure", () -> String.join(" ", roles.waits()).contains("second trainer: "));
        assertThat(roles.waits()).anySatisfy(wait -> assertThat(wait).contains("another release", "is started again"));
        assertThat(roles.isReady()).isFalse();
        assertThat(roles.failures()).as("reasons to restart the process").isEmpty();
        assertThat(metrics.get("headwater.adaptations").gauge().value()).isEqualTo(1);
        sendSamples();
        awaitLearned("first");

        // When its cause is mended
        state("second", null);
        for (int i = 0; i < AdaptationWatch.RETRY; i++) {
            roles.look();
        }

        // Then
        awaitLearned("second");
        Await.until("readiness", roles::isReady);
        assertThat(learned("first")).isEqualTo(SAMPLES);
    }

    /** Writes the newest state of a lane. */
    private void state(String adaptation, byte @Nullable [] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] lane = new Lane(adaptation, DOMAIN).key().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(clients.topics().name(Topic.TRAINER_STATE), 0, lane, value))
                    .get();
        }
    }

    private void lookTwice() throws InterruptedException {
        roles.look();
        roles.look();
    }

    private Path write(String name, String yaml) throws IOException {
        return Files.writeString(files.resolve(name), yaml);
    }

    private void sendSamples() {
        try (SampleProducer producer = new SampleProducer(clients, codec, Clock.systemUTC())) {
            for (int i = 0; i < SAMPLES; i++) {
                Payload text = new Payload.Text((i % 2 == 0 ? "a delight, number " : "a disaster, number ") + i);
                producer.sample(DOMAIN, "sample-" + i, text, new Label.ClassLabel(i % 2 == 0 ? "good" : "bad"));
            }
            producer.flush();
        }
    }

    private void request(String id, String adaptation) {
        try (SampleProducer producer = new SampleProducer(clients, codec, Clock.systemUTC())) {
            producer.request(DOMAIN, id, new Payload.Text("a delight to use"), adaptation);
            producer.flush();
        }
    }

    private void awaitLearned(String adaptation) {
        Await.until("all samples of " + adaptation, () -> learned(adaptation) == SAMPLES);
    }

    private void awaitServing(String adaptation) {
        Await.until(
                "a version of " + adaptation,
                () -> metrics.find("headwater.predictor.version")
                                .tag("adaptation", adaptation)
                                .gauge()
                        != null);
    }

    private double steps(String adaptation) {
        return metrics.get("headwater.trainer.steps")
                .tag("adaptation", adaptation)
                .counter()
                .count();
    }

    private int learned(String adaptation) {
        return versions(adaptation).stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
    }

    private long configurations(String adaptation) {
        return versions(adaptation).stream()
                .map(version -> version.lineage().configuration())
                .distinct()
                .count();
    }

    private List<ModelVersion> versions(String adaptation) {
        return new LaneLog(clients, codec).versions(new Lane(adaptation, DOMAIN)::equals);
    }

    /** The adaptation that answered, by the id of the request. */
    private Map<String, String> predictions() {
        Map<String, String> found = new HashMap<>();
        try (PartitionReader reader = new PartitionReader(clients)) {
            reader.readAll(clients.topics().partition(Topic.PREDICTIONS, 0), record -> {
                Prediction answer = codec.decodeOrThrow(EventType.PREDICTION, record.value());
                found.put(answer.requestId(), answer.version().lane().adaptation());
            });
        }
        return found;
    }
}
