package io.headwater.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.AdaptationConfig;
import io.headwater.config.BaseModelFile;
import io.headwater.config.TaskKind;
import io.headwater.domain.ArtifactStore;
import io.headwater.domain.Digest;
import io.headwater.role.RoleState;
import io.headwater.store.FileArtifactStore;
import io.headwater.testing.BrokerUnderTest;
import io.headwater.testing.Installation;
import io.headwater.testing.OnEmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@OnEmbeddedBroker
@Timeout(60)
class TrainerRecoveryTest {
    @TempDir
    Path folder;

    @Test
    void shouldTryAgainWhenAPartitionCannotBeRestored(BrokerUnderTest broker) throws Exception {
        // Given
        ArtifactStore store = new FileArtifactStore(folder, 1 << 26);
        try (Installation installation = open(broker, store)) {
            send(installation, 0, 20);
            installation.train();
            assertThat(learned(installation)).isEqualTo(20);

            // When
            send(installation, 20, 40);
            Trainer second = installation.trainer("one", new FailsOnce(store, "get"));
            second.runToEnd();

            // Then
            assertThat(second.state()).isEqualTo(RoleState.STOPPED);
            assertThat(learned(installation)).isEqualTo(40);
        }
    }

    @Test
    void shouldLearnTheEndOfTheStreamAgainWhenItsLastCheckpointFails(BrokerUnderTest broker) throws Exception {
        ArtifactStore store = new FileArtifactStore(folder, 1 << 26);
        try (Installation installation = open(broker, store)) {
            send(installation, 0, 20);
            Trainer trainer = installation.trainer("one", new FailsOnce(store, "put"));

            trainer.runToEnd();

            assertThat(trainer.state()).isEqualTo(RoleState.STOPPED);
            assertThat(learned(installation)).isEqualTo(20);
        }
    }

    /** Opens an installation with one partition and the real encoder. */
    private static Installation open(BrokerUnderTest broker, ArtifactStore store) {
        AdaptationConfig config = AdaptationConfig.of("rig", TaskKind.TEXT_CLASSIFICATION, "minilm");
        return Installation.of(config, broker, store)
                .partitions(1)
                .divided(BaseModelFile.builtIn("minilm"))
                .createTopics();
    }

    private static void send(Installation installation, int from, int to) {
        for (int i = from; i < to; i++) {
            installation.sample("shop", "sentence number " + i, i % 2 == 0 ? "even" : "odd");
        }
        installation.flush();
    }

    private static int learned(Installation installation) {
        return installation.versions().stream()
                .mapToInt(version -> version.lineage().samples())
                .sum();
    }

    /** A store that fails once; artifacts that the installation itself stores before are not affected. */
    private static final class FailsOnce implements ArtifactStore {
        private final ArtifactStore store;
        private final Set<String> failing = new HashSet<>();
        private boolean armed;

        FailsOnce(ArtifactStore store, String operation) {
            this.store = store;
            failing.add(operation);
        }

        private void perform(String operation) {
            if (armed && failing.remove(operation)) {
                throw new UncheckedIOException(new IOException("Input/output error"));
            }
            armed = true;
        }

        @Override
        public byte[] get(Digest digest) {
            perform("get");
            return store.get(digest);
        }

        @Override
        public Digest put(byte[] bytes) {
            perform("put");
            return store.put(bytes);
        }

        @Override
        public boolean contains(Digest digest) {
            return store.contains(digest);
        }

        @Override
        public int sweep(Set<Digest> referenced, Duration minimumAge) {
            return store.sweep(referenced, minimumAge);
        }
    }
}
