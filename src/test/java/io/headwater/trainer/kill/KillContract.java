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
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a trainer's process with SIGKILL at one stage of its work after another: the first process at the first stage, the one that goes
 * on at the next stage, and so on. The last one completes the training, and also trains on the same samples in other topics without an
 * interruption, for comparison.
 *
 * <p>How a trainer commits does not depend on how it learns, so only some of the ways to learn meet every stage; the others meet
 * three each, so that each stage is met by several of them. {@code -Dheadwater.every-stage=true} kills everywhere.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
abstract class KillContract {
    private static final String KILLED_LANES = "killed";
    private static final String UNDISTURBED = "undisturbed";
    /** Numbers of samples for the first and the last process, and for each one between: more than it completes. */
    private static final int SAMPLES = 150;

    private static final int SAMPLES_OF_A_STAGE = 150;

    private static final Set<KilledLearning> EVERYWHERE =
            EnumSet.of(KilledLearning.CLOSED_FORM, KilledLearning.FINE_TUNE);
    private static final int FEW = 3;

    private static final String END = "END";

    /** The exit code that Java reports for a process ended by signal 9. */
    private static final int KILLED = 128 + 9;

    private final KilledLearning learning;
    private final List<Stage> stages;
    private final Map<String, Installation> installations = new LinkedHashMap<>();
    private final Map<Stage, Instant> deaths = new EnumMap<>(Stage.class);
    private Path folder;
    private EmbeddedBroker broker;

    KillContract(KilledLearning learning) {
        this.learning = learning;
        this.stages = Boolean.getBoolean("headwater.every-stage") || EVERYWHERE.contains(learning)
                ? List.of(Stage.values())
                : IntStream.range(0, FEW)
                        .mapToObj(i -> Stage.values()[(learning.ordinal() * FEW + i) % Stage.values().length])
                        .sorted()
                        .toList();
    }

    List<Stage> stages() {
        return stages;
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
            produce(KILLED_LANES);
            produce(UNDISTURBED);
            CommitProxy proxy = new CommitProxy(server, behindProxy, Stage.COMMITS_BEFORE + 1);
            for (Stage stage : stages) {
                deaths.put(
                        stage,
                        stage == Stage.DURING_COMMIT
                                ? killDuringCommit(proxy, "127.0.0.1:" + server.getLocalPort())
                                : killAt(stage));
            }
        }
        Process goesOn = TrainerProcess.start(
                learning, folder, broker.bootstrapServers(), END, List.copyOf(installations.keySet()));
        assertThat(goesOn.waitFor()).as(() -> log(END)).isZero();
    }

    private Instant killAt(Stage stage) throws Exception {
        Process process =
                TrainerProcess.start(learning, folder, broker.bootstrapServers(), stage.name(), List.of(KILLED_LANES));
        assertThat(process.waitFor()).as(() -> log(stage.name())).isEqualTo(KILLED);
        return Instant.now();
    }

    private Instant killDuringCommit(CommitProxy proxy, String bootstrapAtProxy) throws Exception {
        String stage = Stage.DURING_COMMIT.name();
        Process process = TrainerProcess.start(learning, folder, bootstrapAtProxy, stage, List.of(KILLED_LANES));
        assertThat(proxy.withheld().await(2, TimeUnit.MINUTES))
                .as(() -> log(stage))
                .isTrue();
        process.destroyForcibly();
        assertThat(process.waitFor()).as(() -> log(stage)).isEqualTo(KILLED);
        return Instant.now();
    }

    @AfterAll
    void close() {
        installations.values().forEach(Installation::close);
        broker.close();
    }

    @Test
    void shouldEndAsIfNothingHadHappened() {
        History history = history(KILLED_LANES);

        history.requireReplayable();
        learning.requireSame(Objects.requireNonNull(installations.get(KILLED_LANES)), history, history(UNDISTURBED));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void shouldHaveBeenKilledInTheMiddleOfItsWork(Stage stage) {
        Instant death = deaths.get(stage);
        assertThat(history(KILLED_LANES).versions())
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
        learning.produce(installation, SAMPLES + stages.size() * SAMPLES_OF_A_STAGE);
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

    private String log(String run) {
        try {
            return Files.readString(TrainerProcess.log(folder, KILLED_LANES, run));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
