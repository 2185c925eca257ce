package io.headwater.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.Digest;
import io.headwater.domain.Outcome;
import io.headwater.domain.Payload;
import io.headwater.domain.Prediction;
import io.headwater.domain.VersionRef;
import io.headwater.predictor.Letters;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Await;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application may rely on that predicts by itself. */
@OnEmbeddedBroker
@Timeout(120)
class ModelSubscriberEmbeddedTest {
    private static final String DOMAIN = "shop";
    private static final Payload INPUT = new Payload.Text("a text");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<VersionRef> told = new CopyOnWriteArrayList<>();
    private final AtomicBoolean released = new AtomicBoolean();

    private ModelSubscriber subscriber(Installation installation) throws InterruptedException {
        ModelSubscriber subscriber = new ModelSubscriber(
                installation.servingSetup(), installation.clients(), DOMAIN, told::add, () -> released.set(true));
        subscriber.awaitCaughtUp();
        return subscriber;
    }

    @Test
    void shouldPredictWithTheVersionThatServesAndChangeToTheNext(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            ModelSubscriber subscriber = subscriber(installation);
            try (subscriber) {
                assertThat(subscriber.version()).isEmpty();
                assertThat(subscriber.awaitVersion(Duration.ZERO)).isFalse();
                assertThatThrownBy(() -> subscriber.predict(INPUT))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("no version of adaptation 'letters' serves domain 'shop' yet");

                VersionRef first = Letters.serve(installation, DOMAIN, 1);
                assertThat(subscriber.awaitVersion(PATIENCE)).isTrue();
                Prediction prediction = subscriber.predict(INPUT);
                assertThat(prediction.label()).isEqualTo("v1");
                assertThat(prediction.version()).isEqualTo(first);
                assertThat(prediction.probabilities()).containsOnlyKeys("other", "v1");

                VersionRef second = Letters.serve(installation, DOMAIN, 2);
                Await.until("the next version", () -> subscriber.version().equals(Optional.of(second)));
                assertThat(subscriber.predict(INPUT).label()).isEqualTo("v2");
                Await.until("the listener", () -> told.size() == 2);
                assertThat(told).containsExactly(first, second);
            }
            assertThat(released).isTrue();
            assertThatThrownBy(() -> subscriber.predict(INPUT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            subscriber.close();
        }
    }

    @Test
    void shouldPredictManyWithOneVersionAndSayWhichInputsCannotBeUsed(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, DOMAIN, 1);
            try (ModelSubscriber subscriber = subscriber(installation)) {
                Payload[] inputs = new Payload[150];
                Arrays.fill(inputs, INPUT);
                inputs[70] = new Payload.Text("");

                List<Outcome<Prediction>> outcomes = subscriber.predictAll(List.of(inputs));

                assertThat(outcomes).hasSize(150);
                for (int i = 0; i < outcomes.size(); i++) {
                    assertThat(outcomes.get(i) instanceof Outcome.Ok)
                            .as("input %d", i)
                            .isEqualTo(i != 70);
                }
                assertThat(subscriber.predictAll(List.of())).isEmpty();
                assertThatThrownBy(() -> subscriber.predict(inputs[70]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("a text must not be empty");
            }
        }
    }

    /** Every prediction is that of the version that it names, also while versions follow each other. */
    @Test
    void shouldNeverNameAnotherVersionThanTheOneThatPredicted(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, DOMAIN, 1);
            try (ModelSubscriber subscriber = subscriber(installation)) {
                Thread serving = new Thread(() -> {
                    for (int number = 2; number <= 12; number++) {
                        Letters.serve(installation, DOMAIN, number);
                    }
                });
                serving.start();
                long last = 0;
                while (last < 12) {
                    Prediction prediction = subscriber.predict(INPUT);
                    long number = prediction.version().number();
                    assertThat(prediction.label()).isEqualTo("v" + number);
                    assertThat(number).isGreaterThanOrEqualTo(last);
                    last = number;
                }
                serving.join();
            }
        }
    }

    /** A version whose bytes are not those that its event names never predicts, and neither does the one before. */
    @Test
    void shouldNotPredictWithAVersionThatIsDamaged(BrokerUnderTest broker) throws Exception {
        try (Installation installation = Letters.open(broker, folder, null)) {
            Letters.serve(installation, DOMAIN, 1);
            try (ModelSubscriber subscriber = subscriber(installation)) {
                assertThat(subscriber.predict(INPUT).label()).isEqualTo("v1");

                Letters.serveAs(installation, DOMAIN, 2, Digest.of(new byte[] {1}));
                Await.until("the damage", () -> isAway(subscriber));
                assertThatThrownBy(() -> subscriber.predict(INPUT)).hasMessageContaining("cannot be loaded");

                Letters.serve(installation, DOMAIN, 3);
                Await.until("a version that is whole", () -> !isAway(subscriber));
                assertThat(subscriber.predict(INPUT).label()).isEqualTo("v3");
            }
        }
    }

    private static boolean isAway(ModelSubscriber subscriber) {
        try {
            subscriber.predict(INPUT);
            return false;
        } catch (ArtifactException e) {
            return true;
        }
    }

    @Test
    void shouldSayWhatIsMissing(BrokerUnderTest broker) {
        assertThatThrownBy(() -> ModelSubscriber.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a subscriber must have adaptation");
        assertThatThrownBy(() -> ModelSubscriber.builder()
                        .adaptation(AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "minilm"))
                        .store(folder)
                        .domain(DOMAIN)
                        .bootstrapServers(broker.bootstrapServers())
                        .topicsPrefix("nobody.")
                        .build())
                .hasMessageContaining("topic 'nobody.serving' cannot be read");
    }

    /** An application of its own, on whose class path there is no Quarkus. */
    @Test
    void shouldNeedNoQuarkus(BrokerUnderTest broker) throws Exception {
        AdaptationConfig config = AdaptationConfig.of("mine", TaskKind.TEXT_CLASSIFICATION, "minilm");
        Path store = folder.resolve("store");
        try (Installation installation = Installation.of(config, broker, new FileArtifactStore(store, 1 << 24))
                .divided(BaseModelFile.resolve("minilm"))) {
            installation.createTopics();
            for (int i = 0; i < 20; i++) {
                installation.sample(
                        DOMAIN, "the room was " + (i % 2 == 0 ? "fine" : "cold"), i % 2 == 0 ? "good" : "bad");
            }
            installation.train();
            Path adaptation = Files.writeString(
                    folder.resolve("mine.yaml"), "name: mine\ntask: text-classification\nbase: minilm\n");
            String classPath = Arrays.stream(
                            System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> !entry.contains("quarkus") && !entry.contains("vertx"))
                    .collect(Collectors.joining(File.pathSeparator));
            Process application = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-cp",
                            classPath,
                            SubscribingMain.class.getName(),
                            adaptation.toString(),
                            store.toString(),
                            broker.bootstrapServers(),
                            installation.topics().prefix(),
                            "the room was fine")
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(application.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(application.exitValue()).as(printed).isZero();
            assertThat(printed).contains("good by version ");
        }
    }
}
