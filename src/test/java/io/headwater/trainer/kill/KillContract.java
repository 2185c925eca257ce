package io.headwater.trainer.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.standalone.EmbeddedBroker;
import io.headwater.standalone.Ports;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.Installation;
import io.headwater.trainer.History;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills a trainer's process with SIGKILL at every stage of its work. Each stage has its own topics, group and store at
 * a shared broker, and the same samples. Another process then completes the training of all stages, and also trains
 * once without interruption for comparison.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class KillContract {
    private static final String UNDISTURBED = "undisturbed";
    private static final int SAMPLES = 450;

    /** The exit code that Java reports for a process ended by signal 9. */
    private static final int KILLED = 128 + 9;

    private final KilledLearning learning;
    private final Map<String, Installation> installations = new LinkedHashMap<>();
    private final Map<Stage, Instant> deaths = new EnumMap<>(Stage.class);
    private Path folder;
    private EmbeddedBroker broker;

    KillContract(KilledLearning learning) {
        this.learning = learning;
    }

    @BeforeAll
    void killAtEveryStageAndGoOn(@TempDir Path temporary) throws Exception {
        folder = temporary;
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Ports ports = Ports.free();
            int behindProxy = Ports.free().client();
            broker = new EmbeddedBroker(
                    folder.resolve("kafka"), ports, listeners(ports, behindProxy, server.getLocalPort()));
            broker.start();
            for (Stage stage : Stage.values()) {
                produce(stage.name());
            }
            produce(UNDISTURBED);
            CommitProxy proxy = new CommitProxy(server, behindProxy, Stage.COMMITS_BEFORE + 1);
            killAll(proxy, "127.0.0.1:" + server.getLocalPort());
        }
        Process goesOn = TrainerProcess.start(
                learning, folder, broker.bootstrapServers(), "END", List.copyOf(installations.keySet()));
        assertThat(goesOn.waitFor()).as(() -> log(Stage.AFTER_POLL, "END")).isZero();
    }

    /** Kills the trainers of all stages, two processes at a time. */
    private void killAll(CommitProxy proxy, String bootstrapAtProxy) throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Map<Stage, Future<Instant>> killed = new EnumMap<>(Stage.class);
            for (Stage stage : Stage.values()) {
                killed.put(
                        stage,
                        two.submit(() -> stage == Stage.DURING_COMMIT
                                ? killDuringCommit(proxy, bootstrapAtProxy)
                                : killAt(stage)));
            }
            for (Map.Entry<Stage, Future<Instant>> one : killed.entrySet()) {
                deaths.put(one.getKey(), one.getValue().get());
            }
        } finally {
            two.shutdownNow();
        }
    }

    private Instant killAt(Stage stage) throws Exception {
        Process process =
                TrainerProcess.start(learning, folder, broker.bootstrapServers(), stage.name(), List.of(stage.name()));
        assertThat(process.waitFor()).as(() -> log(stage, stage.name())).isEqualTo(KILLED);
        return Instant.now();
    }

    private Instant killDuringCommit(CommitProxy proxy, String bootstrapAtProxy) throws Exception {
        Stage stage = Stage.DURING_COMMIT;
        Process process = TrainerProcess.start(learning, folder, bootstrapAtProxy, stage.name(), List.of(stage.name()));
        assertThat(proxy.withheld().await(2, TimeUnit.MINUTES))
                .as(() -> log(stage, stage.name()))
                .isTrue();
        process.destroyForcibly();
        assertThat(process.waitFor()).as(() -> log(stage, stage.name())).isEqualTo(KILLED);
        return Instant.now();
    }

    @AfterAll
    void close() {
        installations.values().forEach(Installation::close);
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndAsIfNothingHadHappened(Stage stage) {
        History history = history(stage.name());

        history.requireReplayable();
        learning.requireSame(Objects.requireNonNull(installations.get(stage.name())), history, history(UNDISTURBED));
        // The process was killed before it finished.
        Instant death = deaths.get(stage);
        assertThat(history.versions())
                .anyMatch(version -> version.createdAt().isBefore(death))
                .anyMatch(version -> version.createdAt().isAfter(death));
    }

    @Test
    void shouldCoverEverySampleWhenNothingHappens() {
        History history = history(UNDISTURBED);
        learning.requireSame(Objects.requireNonNull(installations.get(UNDISTURBED)), history, history);
        assertThat(history(UNDISTURBED).versions()).hasSizeGreaterThan(3 * Stage.COMMITS_BEFORE);
    }

    private History history(String name) {
        return new History(Objects.requireNonNull(installations.get(name)));
    }

    private void produce(String name) {
        FileArtifactStore store = new FileArtifactStore(folder.resolve(name), 1 << 24);
        Installation installation = learning.installation(name, broker.bootstrapServers(), store);
        installations.put(name, installation);
        installation.createTopics();
        learning.produce(installation, SAMPLES);
        installation.sent();
    }

    /** Returns broker settings with a second listener that advertises the address of the proxy. */
    private static Map<String, String> listeners(Ports ports, int behindProxy, int proxy) {
        String client = "PLAINTEXT://127.0.0.1:" + ports.client();
        return Map.of(
                "listeners",
                client + ",PROXIED://127.0.0.1:" + behindProxy + ",CONTROLLER://127.0.0.1:" + ports.controller(),
                "advertised.listeners",
                client + ",PROXIED://127.0.0.1:" + proxy,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "group.consumer.session.timeout.ms",
                "3000");
    }

    private String log(Stage stage, String run) {
        try {
            return Files.readString(TrainerProcess.log(folder, stage.name(), run));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
