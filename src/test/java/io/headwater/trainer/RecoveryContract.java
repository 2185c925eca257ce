package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.codec.EventType;
import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Command;
import io.headwater.domain.Command.Action;
import io.headwater.domain.Digest;
import io.headwater.domain.Lane;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.Rejection.Reason;
import io.headwater.domain.TrainerState;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests recovery from faults of the store, the broker and the trainer, and the rebuilding of versions afterwards. */
@Timeout(120)
abstract class RecoveryContract {
    @TempDir
    private Path folder;

    @Test
    void shouldLearnEverythingThoughTheStoreFailsNowAndThen(BrokerUnderTest broker) {
        String prefix = broker.fresh("recovery");
        FlakyStore store = new FlakyStore(new FileArtifactStore(folder.resolve(prefix), 1 << 24));
        try (Installation installation = open(broker, prefix, store)) {
            // Given a store that fails when a lane is restored
            Adaptations.sendThreeLanes(installation, 60);
            installation.train();
            Adaptations.sendThreeLanes(installation, 60);
            installation.sent();
            store.failGets(2);
            installation.train();
            new History(installation).requireExactlyOnce();

            // And one that fails when the last version is published
            Adaptations.sendThreeLanes(installation, 10);
            installation.sent();
            AtomicBoolean armed = new AtomicBoolean();
            installation.train(new TrainerListener() {
                @Override
                public void polled(int records) {
                    if (!armed.getAndSet(true)) {
                        store.failPuts(1);
                    }
                }
            });
            new History(installation).requireExactlyOnce();
            assertThat(store.failed()).isEqualTo(3);
        }
    }

    @Test
    void shouldNotLearnAgainWhenTheGroupHasForgottenItsOffsets(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            Adaptations.sendThreeLanes(installation, 100);
            installation.train();
            admin.deleteConsumerGroups(List.of(installation.group())).all().get();
            Adaptations.sendThreeLanes(installation, 50);
            installation.train();
            new History(installation).requireExactlyOnce();
        }
    }

    @Test
    void shouldSayThatAParentIsDamaged(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            List<ModelVersion> versions = train(installation);
            VersionRef parent = versions.get(0).ref();
            String hex = parent.checkpoint().hex();
            damage(parent.checkpoint());
            assertThatThrownBy(() -> rebuild(installation, versions.get(1)))
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining(hex.substring(2))
                    .hasMessageContaining("damaged");
        }
    }

    /** The newest checkpoint is lost, or several ones are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldRebuildALaneWhoseCheckpointIsLost(int lost, BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            // Given a lane beside another one on the same partition
            List<ModelVersion> versions = train(installation);
            for (ModelVersion version : versions.subList(versions.size() - lost, versions.size())) {
                damage(version.ref().checkpoint());
            }

            // When
            Adaptations.sendThreeLanes(installation, 200);
            installation.train();

            // Then
            List<ModelVersion> all = new History(installation).versions(installation.domain(0, 0));
            ModelVersion before = versions.get(versions.size() - 1);
            Lineage next = all.get(versions.size()).lineage();
            assertThat(next.parent()).isEqualTo(before.ref());
            assertThat(next.fromOffset()).isEqualTo(before.lineage().toOffset());
            assertThat(all).hasSizeGreaterThan(versions.size() + 1);
            assertThat(rebuild(installation, all.get(all.size() - 1)).matches()).isTrue();
        }
    }

    /** As after a retention has deleted checkpoints. */
    @Test
    void shouldRebuildVersionsFromTheNearestCheckpointBeforeThem(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker)) {
            List<ModelVersion> versions = train(installation);
            for (ModelVersion version : versions.subList(1, versions.size())) {
                damage(version.ref().checkpoint());
            }
            ModelVersion last = versions.get(versions.size() - 1);
            try (PartitionReader log = new PartitionReader(installation.clients());
                    LaneReplay alone = installation.replay().ofLane(versions);
                    LaneReplay inOrder = installation.replay().ofLane(versions)) {
                assertThat(alone.rebuild(last, log).matches()).isTrue();
                assertThat(versions)
                        .allMatch(version -> inOrder.rebuild(version, log).matches());
                assertThat(alone.rebuild(versions.get(2), log).samples())
                        .isEqualTo(versions.get(2).lineage().samples());
            }
        }
    }

    @Test
    void shouldHoldALaneThatCannotBeRebuiltAndGoOnWithTheOthers(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            // Given a lane whose checkpoints and samples are lost, and another one on its partition
            Adaptations.sendThreeLanes(installation, 60);
            installation.train();
            String lostDomain = installation.domain(0, 0);
            String other = installation.domain(0, 1);
            List<ModelVersion> versions = new History(installation).versions(lostDomain);
            int others = new History(installation).versions(other).size();
            for (ModelVersion version : versions) {
                damage(version.ref().checkpoint());
            }
            admin.deleteRecords(Map.of(
                            installation.topics().partition(Topic.SAMPLES, 0),
                            RecordsToDelete.beforeOffset(
                                    versions.get(0).lineage().toOffset())))
                    .all()
                    .get();

            // When
            Adaptations.sendThreeLanes(installation, 60);
            installation.train();

            // Then
            History history = new History(installation);
            assertThat(history.versions(other)).hasSizeGreaterThan(others);
            assertThat(history.versions(lostDomain)).hasSameSizeAs(versions);
            Lane lane = versions.get(0).ref().lane();
            TrainerState state = state(installation, lane);
            assertThat(Objects.requireNonNull(state.pause()).reason())
                    .contains("is lost and cannot be rebuilt", "headwater retrain");

            // And the lane can begin anew, but cannot go on
            installation.command(new Command(lane, Action.RESUME, null, "Ada", "", Instant.EPOCH, "", List.of()));
            installation.command(new Command(lane, Action.RETRAIN, null, "Ada", "", Instant.EPOCH, "", List.of()));
            installation.command(new Command(lane, Action.RESUME, null, "Ada", "", Instant.EPOCH, "", List.of()));
            installation.train();
            Adaptations.sendThreeLanes(installation, 60);
            installation.train();
            History after = new History(installation);
            assertThat(after.versions(lostDomain)).hasSizeGreaterThan(versions.size());
            assertThat(after.deadLetterRecords())
                    .extracting(letter -> History.headers(letter).rejection())
                    .filteredOn(rejection -> rejection.reason() == Reason.REFUSED)
                    .singleElement()
                    .satisfies(rejection -> assertThat(rejection.message()).contains("has lost its newest checkpoint"));
        }
    }

    /** A trainer that runs, and one that starts; an empty folder is in the place of the store, as where a volume is unmounted. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForAStoreThatIsAway(boolean starts, BrokerUnderTest broker) throws Exception {
        // Given
        String prefix = broker.fresh("recovery");
        Path mounted = folder.resolve(prefix);
        Path away = folder.resolve(prefix + "-away");
        try (Installation installation = open(broker, prefix, new FileArtifactStore(mounted, 1 << 24));
                Installation again = open(broker, prefix, new FileArtifactStore(mounted, 1 << 24))) {
            train(installation);
            long before = end(installation);
            RunningTrainer running = starts ? null : new RunningTrainer(installation, "one");
            if (running != null) {
                Adaptations.sendThreeLanes(installation, 60);
                before = end(installation);
                running.await(checkpoint -> true);
            }
            Files.move(mounted, away);
            Files.createDirectory(mounted);

            // When
            Adaptations.sendThreeLanes(installation, 200);
            installation.sent();
            try (RunningTrainer trainer = running == null ? new RunningTrainer(again, "one") : running) {
                trainer.awaitWaitingFor("is it mounted?");
                assertThat(mounted).isEmptyDirectory();

                // Then
                Files.delete(mounted);
                Files.move(away, mounted);
                trainer.awaitOffset(0, before + 1);
            }
            installation.train();
            new History(installation).requireExactlyOnce();
        }
    }

    /** The offset after the last sample of the first partition. */
    private static long end(Installation installation) {
        return installation.sent().stream()
                .filter(sent -> sent.partition() == 0)
                .mapToLong(sent -> sent.offset() + 1)
                .max()
                .orElse(0);
    }

    private static TrainerState state(Installation installation, Lane lane) {
        List<TrainerState> states = new ArrayList<>();
        try (PartitionReader reader = new PartitionReader(installation.clients())) {
            reader.readAll(installation.topics().partition(Topic.TRAINER_STATE, 0), record -> {
                TrainerState state = installation.codec().decodeOrThrow(EventType.TRAINER_STATE, record.value());
                if (state.version().lane().equals(lane)) {
                    states.add(state);
                }
            });
        }
        return states.get(states.size() - 1);
    }

    private void damage(Digest artifact) throws IOException {
        String hex = artifact.hex();
        try (Stream<Path> files = Files.walk(folder)) {
            // A file of its own, or one that points into a pack.
            Path file = files.filter(path -> path.toString()
                            .replace("/", "")
                            .replaceAll("\\.at$", "")
                            .endsWith(hex))
                    .findFirst()
                    .orElseThrow();
            Files.delete(file);
            Files.write(file.resolveSibling(hex.substring(2)), new byte[] {1, 2, 3});
        }
    }

    @Test
    void shouldNotReproduceAVersionFromAnotherParent(BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            List<ModelVersion> versions = train(installation);
            ModelVersion third = versions.get(2);
            Replay.Result result =
                    rebuild(installation, withParent(third, versions.get(0).ref()));
            assertThat(result.matches()).isFalse();
            assertThat(rebuild(installation, third).matches()).isTrue();
        }
    }

    @Test
    void shouldSayThatTheLogHasLostSamples(BrokerUnderTest broker) throws Exception {
        try (Installation installation = open(broker);
                Admin admin = broker.admin()) {
            List<ModelVersion> versions = train(installation);
            admin.deleteRecords(
                            Map.of(installation.topics().partition(Topic.SAMPLES, 0), RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
            assertThatThrownBy(() -> rebuild(installation, versions.get(0)))
                    .isInstanceOf(ReplayException.class)
                    .hasMessageContaining("mood/" + installation.domain(0, 0) + "@1 learned 24 samples")
                    .hasMessageContaining("holds only 19");
            assertThat(rebuild(installation, versions.get(1)).matches()).isTrue();
        }
    }

    @Test
    void shouldSayThatTheLogHoldsMoreThanWasLearned(BrokerUnderTest broker) {
        try (Installation installation = open(broker)) {
            ModelVersion version = train(installation).get(0);
            List<Integer> steps = version.lineage().steps();
            assertThatThrownBy(() -> rebuild(installation, withSteps(version, steps.subList(1, steps.size()))))
                    .isInstanceOf(ReplayException.class)
                    .hasMessageContaining("mood/" + installation.domain(0, 0) + "@1 learned 16 samples")
                    .hasMessageContaining("holds more");
        }
    }

    private List<ModelVersion> train(Installation installation) {
        String domain = installation.domain(0, 0);
        for (int i = 0; i < 72; i++) {
            Adaptations.send(installation, domain, i);
        }
        installation.train();
        return new History(installation).versions(domain);
    }

    private static ModelVersion withParent(ModelVersion version, VersionRef parent) {
        return with(version, parent, version.lineage().steps());
    }

    private static ModelVersion withSteps(ModelVersion version, List<Integer> steps) {
        return with(version, version.lineage().parent(), steps);
    }

    private static ModelVersion with(ModelVersion version, @Nullable VersionRef parent, List<Integer> steps) {
        Lineage told = version.lineage();
        Lineage lineage = new Lineage(
                parent,
                told.partition(),
                told.fromOffset(),
                told.toOffset(),
                steps,
                told.baseModel(),
                told.configuration());
        return new ModelVersion(
                version.ref(),
                lineage,
                version.labels(),
                version.totalSamples(),
                version.createdAt(),
                version.environment());
    }

    private static Replay.Result rebuild(Installation installation, ModelVersion version) {
        try (PartitionReader log = new PartitionReader(installation.clients())) {
            return installation.replay().rebuild(version, log);
        }
    }

    private Installation open(BrokerUnderTest broker) {
        String prefix = broker.fresh("recovery");
        return open(broker, prefix, new FileArtifactStore(folder.resolve(prefix), 1 << 24));
    }

    private static Installation open(BrokerUnderTest broker, String prefix, ArtifactStore store) {
        return Installation.of(Adaptations.text(Adaptations.BY_STEPS), broker.bootstrapServers(), prefix, store)
                .open()
                .createTopics();
    }
}
