package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.domain.ArtifactException;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Lineage;
import io.headwater.domain.ModelVersion;
import io.headwater.domain.VersionRef;
import io.headwater.kafka.PartitionReader;
import io.headwater.kafka.Topic;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
            try (Stream<Path> files = Files.walk(folder)) {
                Path file = files.filter(
                                path -> path.toString().replace("/", "").endsWith(hex))
                        .findFirst()
                        .orElseThrow();
                Files.delete(file);
                Files.write(file, new byte[] {1, 2, 3});
            }
            assertThatThrownBy(() -> rebuild(installation, versions.get(1)))
                    .isInstanceOf(ArtifactException.class)
                    .hasMessageContaining(hex.substring(2))
                    .hasMessageContaining("damaged");
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
